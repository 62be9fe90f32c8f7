using System.Net;
using System.Text.Json;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>How a Grafana is.</summary>
/// <param name="Version">Its version; null when it does not tell.</param>
/// <param name="Problem">What is missing, as a sentence; null when nothing is.</param>
/// <param name="Note">What is worth knowing although nothing is missing, as a sentence; null for nothing.</param>
public sealed record GrafanaState(string? Version, string? Problem, string? Note = null);

/// <summary>Looks whether Grafana answers and takes the credentials, without writing anything.</summary>
public sealed class GrafanaCheck
{
    private const string ShippedDashboard = "upgradewatch-upgrade";

    private readonly JsonApi _api;
    private readonly string? _dashboardUid;

    /// <summary>Makes it.</summary>
    /// <param name="client">As for <see cref="GrafanaSink"/>.</param>
    /// <param name="dashboardUid">A dashboard that must be there; null for none.</param>
    public GrafanaCheck(HttpClient client, string? dashboardUid = null) => (_api, _dashboardUid) = (new JsonApi(client, "Grafana", GrafanaHints.Of), dashboardUid);

    /// <summary>
    /// Asks for the health, the organisation of the credentials and one annotation. Whether annotations may be written
    /// shows only when one is: Grafana has no question for it that all versions answer.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<GrafanaState> RunAsync(CancellationToken cancellationToken)
    {
        var health = await _api.GetAsync("api/health", cancellationToken).ConfigureAwait(false);
        if (!health.IsSuccess) return new GrafanaState(null, health.Sentence("say how it is"));
        if (Version(health.Body) is not { IsGrafana: true } told) return new GrafanaState(null, "What answers at grafana.url is not Grafana: /api/health is not its answer.");

        // Not every token may read the organisation (403), and that is not needed; a token that is not known (401) is.
        var organisation = await _api.GetAsync("api/org", cancellationToken).ConfigureAwait(false);
        if (organisation.Status is HttpStatusCode.Unauthorized) return new GrafanaState(told.Number, organisation.Sentence("take the credentials"));
        var list = await _api.GetAsync("api/annotations?limit=1&tags=upgradewatch", cancellationToken).ConfigureAwait(false);
        if (!list.IsSuccess) return new GrafanaState(told.Number, list.Sentence("list annotations"));
        var dashboard = _dashboardUid is null ? null : await new DashboardLookup(_api, _dashboardUid).FindAsync(cancellationToken).ConfigureAwait(false);
        if (dashboard?.Problem is { } missing) return new GrafanaState(told.Number, missing);
        var shipped = await _api.GetAsync($"api/dashboards/uid/{ShippedDashboard}", cancellationToken).ConfigureAwait(false);
        return new GrafanaState(told.Number, null, shipped.Status == HttpStatusCode.NotFound
            ? $"Grafana does not have the shipped dashboards ({ShippedDashboard} is missing), or these credentials may not see them: links of verdicts and alerts lead there. Provision the folder dashboards/, or set instance.grafanaUrl to the Grafana that has them."
            : null);
    }

    private static (bool IsGrafana, string? Number) Version(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("database", out _)) return (false, null);

            // Grafana can be told to hide its version.
            return (true, root.TryGetProperty("version", out var version) ? version.GetString() : null);
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }
}
