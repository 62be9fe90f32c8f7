using System.Net;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>A dashboard, or why it could not be found.</summary>
internal sealed record FoundDashboard(string Uid, long? Id, string? Problem);

/// <summary>Finds the number of a dashboard, once.</summary>
internal sealed class DashboardLookup(JsonApi api, string uid)
{
    private FoundDashboard? _found;

    /// <summary>The dashboard, or why it could not be found as a sentence.</summary>
    public async Task<FoundDashboard> FindAsync(CancellationToken cancellationToken)
    {
        if (_found is not null) return _found;
        var answer = await api.GetAsync($"api/dashboards/uid/{Uri.EscapeDataString(uid)}", cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound)
            return new FoundDashboard(uid, null, $"Grafana has no dashboard with the uid '{uid}' (grafana.dashboardUid), or these credentials may not see it; write the part after /d/ of its address, or leave it out.");
        if (!answer.IsSuccess) return new FoundDashboard(uid, null, answer.Sentence("find the dashboard"));
        return answer.Read(GrafanaJson.Default.DashboardAnswer)?.Dashboard is { } found
            ? _found = new FoundDashboard(uid, found.Id, null)
            : new FoundDashboard(uid, null, "Grafana could not find the dashboard: the answer is not a dashboard.");
    }
}
