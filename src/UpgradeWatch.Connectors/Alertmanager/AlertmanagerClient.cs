using System.Globalization;
using System.Net;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Alerts;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Silences;

namespace UpgradeWatch.Connectors.Alertmanager;

/// <summary>
/// One Alertmanager (0.22 or later, API v2), or the one within Grafana. Trouble is a sentence, not an exception.
/// </summary>
public sealed class AlertmanagerClient
{
    /// <summary>Where Grafana has its own, below its address.</summary>
    public const string WithinGrafana = "api/alertmanager/grafana/";

    private const string KeyMark = "upgradewatch:";

    private readonly JsonApi _api;
    private readonly string _path;

    /// <summary>Makes it.</summary>
    /// <param name="client">Carries the base address (ending with a slash), the credentials and the time-out.</param>
    /// <param name="path">What comes between the address and <c>api/v2</c>, ending with a slash; empty for nothing.</param>
    public AlertmanagerClient(HttpClient client, string path = "")
    {
        _api = path.Length == 0 ? new JsonApi(client, "Alertmanager", Hint, isOneOfSeveral: true) : new JsonApi(client, "Grafana's Alertmanager", Hint);
        _path = $"{path}api/v2/";
    }

    /// <summary>Which one it is, for a sentence.</summary>
    public string Name => _api.Name;

    /// <summary>Its version; a problem as a sentence when it does not answer, does not take the credentials, or is something else.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(string? Version, string? Problem)> CheckAsync(CancellationToken cancellationToken)
    {
        var answer = await _api.GetAsync($"{_path}status", cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess) return (null, answer.Sentence("say how it is"));
        return answer.Read(AlertmanagerJson.Default.ServerStatus)?.VersionInfo is { } version
            ? (version.Version, null)
            : (null, $"What answers at alertmanager.url is not an Alertmanager with the API v2: {_path}status is not its answer.");
    }

    /// <summary>Lets alerts fire until a time, or end; gives why it failed, null when it did not.</summary>
    /// <param name="alerts">The alerts, at least one, each with the time when it ends unless it is sent again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> PostAlertsAsync(IEnumerable<(WantedAlert Alert, DateTimeOffset EndsAt)> alerts, CancellationToken cancellationToken)
    {
        var posted = alerts.Select(one => new PostedAlert(one.Alert.Labels, one.Alert.Annotations, one.Alert.Since is { } since ? Text(since) : null, Text(one.EndsAt))).ToArray();
        var answer = await _api.SendAsync(HttpMethod.Post, $"{_path}alerts", posted, AlertmanagerJson.Default.PostedAlertArray, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? null : answer.Sentence("take the alerts");
    }

    /// <summary>The alerts that UpgradeWatch has sent and that still fire, and what the clock says there.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FiringAlerts> OwnAlertsAsync(CancellationToken cancellationToken)
    {
        var filter = Uri.EscapeDataString($"{AlertRules.SenderLabel}=\"{AlertRules.Source}\"");
        var answer = await _api.GetAsync($"{_path}alerts?filter={filter}", cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess) return new FiringAlerts([], null, answer.Sentence("list its alerts"));
        return answer.Read(AlertmanagerJson.Default.FoundAlertArray) is { } found
            // A filter that says nothing to it filters everything or nothing, so what comes is looked at again.
            ? new FiringAlerts([.. found.Where(one => one.Labels?.GetValueOrDefault(AlertRules.SenderLabel) == AlertRules.Source).Select(one => new FiringAlert(one.Labels!, one.Annotations ?? new Dictionary<string, string>(), one.StartsAt))], answer.Date, null)
            : new FiringAlerts([], null, $"{Name} could not list its alerts: the answer is not a list of alerts.");
    }

    /// <summary>The silences that UpgradeWatch has made, and what the clock says there; null with why when it does not say.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(IReadOnlyList<HeldSilence>? Silences, DateTimeOffset? Now, string? Problem)> OwnSilencesAsync(CancellationToken cancellationToken)
    {
        var answer = await _api.GetAsync($"{_path}silences", cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess) return (null, null, answer.Sentence("list its silences"));
        if (answer.Read(AlertmanagerJson.Default.FoundSilenceArray) is not { } found) return (null, null, $"{Name} could not list its silences: the answer is not a list of silences.");
        return ([.. found.Where(one => one.CreatedBy == SilenceRules.Creator).Select(Read).OfType<HeldSilence>()], answer.Date, null);
    }

    /// <summary>Makes a silence; gives why it failed, null when it did not. Its id is not kept: it is found again by its key.</summary>
    /// <param name="wanted">The silence.</param>
    /// <param name="now">When it begins.</param>
    /// <param name="endsAt">When it ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string?> MakeSilenceAsync(WantedSilence wanted, DateTimeOffset now, DateTimeOffset endsAt, CancellationToken cancellationToken) =>
        SendAsync(new PostedSilence(null, [.. wanted.Matchers.Select(Write)], Text(now), Text(endsAt), SilenceRules.Creator, $"{wanted.Comment} {KeyMark}{wanted.Key}"), cancellationToken);

    /// <summary>Has a silence end at another time; gives why it failed, null when it did not.</summary>
    /// <param name="held">The silence as it was read: while nothing else of it changes it stays the same one.</param>
    /// <param name="endsAt">When it ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string?> EndSilenceAsync(HeldSilence held, DateTimeOffset endsAt, CancellationToken cancellationToken) =>
        SendAsync(new PostedSilence(held.Id, [.. held.Matchers.Select(Write)], Text(held.StartsAt), Text(endsAt), SilenceRules.Creator, held.Comment), cancellationToken);

    private async Task<string?> SendAsync(PostedSilence silence, CancellationToken cancellationToken)
    {
        var answer = await _api.SendAsync(HttpMethod.Post, $"{_path}silences", silence, AlertmanagerJson.Default.PostedSilence, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess ? null : answer.Sentence("take the silence");
    }

    private static HeldSilence? Read(FoundSilence found)
    {
        var comment = found.Comment ?? "";
        var at = comment.LastIndexOf(KeyMark, StringComparison.Ordinal);
        return at < 0 || found.Id is null
            ? null
            : new HeldSilence(found.Id, comment[(at + KeyMark.Length)..].Trim(), found.StartsAt, found.EndsAt, [.. (found.Matchers ?? []).Select(Read)], comment) { IsOver = found.Status?.State == "expired" };
    }

    private static LabelMatch Read(Matcher matcher) => new(matcher.Name, (matcher.IsRegex, matcher.IsEqual ?? true) switch
    {
        (false, true) => MatchOperator.Equal,
        (false, false) => MatchOperator.NotEqual,
        (true, true) => MatchOperator.Matches,
        _ => MatchOperator.NotMatches,
    }, matcher.Value);

    private static Matcher Write(LabelMatch match) => new(
        match.Name,
        match.Value,
        match.Operator is MatchOperator.Matches or MatchOperator.NotMatches,
        match.Operator is MatchOperator.Equal or MatchOperator.Matches);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Hint(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => " (check the token or the password)",
        HttpStatusCode.Forbidden => " (these credentials may not do that; in Grafana they need the role Editor, or alert.silences:create)",
        HttpStatusCode.NotFound => " (check the path of alertmanager.url; the API v2 is needed)",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => " (a redirect; name the final address in alertmanager.url)",
        _ => "",
    };
}

/// <summary>An alert that fires.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Annotations">What people are told.</param>
/// <param name="StartsAt">When it began, by the clock there; null when it does not say.</param>
public sealed record FiringAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, DateTimeOffset? StartsAt);

/// <summary>Alerts that fire in an Alertmanager.</summary>
/// <param name="Alerts">The alerts.</param>
/// <param name="Now">What its clock says; null when it does not tell.</param>
/// <param name="Problem">Why it does not say which; null when it does.</param>
public sealed record FiringAlerts(IReadOnlyList<FiringAlert> Alerts, DateTimeOffset? Now, string? Problem);
