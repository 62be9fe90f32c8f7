using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Connectors.Alertmanager;
using UpgradeWatch.Engine;
using UpgradeWatch.Engine.Alerts;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Workers;

/// <summary>
/// Keeps the alerts in one Alertmanager as the upgrades are: each is sent again before it lapses, and ended when its cause
/// is over, also when another process has begun it. Each member of a cluster has its own, so that one that hangs delays
/// no other.
/// </summary>
internal sealed partial class AlertSender(
    AlertmanagerClient member, UpgradeService upgrades, EngineOptions options, TimeProvider time, ILogger<AlertSender> logger)
{
    /// <summary>Time between two sendings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>How long it may be inconclusive before somebody is told.</summary>
    public static readonly TimeSpan BlindAfter = TimeSpan.FromMinutes(10);

    // Two sendings may be lost before an alert lapses, and its end is told late by the third.
    private static readonly TimeSpan Lifetime = 4 * Interval;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateTimeOffset> _blindSince = [];
    private readonly Alarm _alarm = new(time);

    /// <summary>How the last sending went; null before the first.</summary>
    public DependencyDocument? Latest { get; private set; }

    /// <summary>Something has changed: send at once.</summary>
    public void Wake() => _alarm.Ring();

    /// <summary>Sends until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var isDone = await RunOnceAsync(cancellationToken);
            await _alarm.WaitAsync(time.GetUtcNow() + (isDone ? Interval : Pause), cancellationToken);
        }
    }

    /// <summary>Sends once; tells whether it was taken.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var problem = await SendAsync(Wanted().ToDictionary(alert => alert.Identity), cancellationToken);
        Note(problem);
        return problem is null;
    }

    private IEnumerable<WantedAlert> Wanted()
    {
        var now = time.GetUtcNow();
        foreach (var target in options.Targets.Where(target => upgrades.Owns(target.Name)))
        {
            if (upgrades.Newest(target.Name) is not { } newest) continue;
            var upgrade = upgrades.AsReadNow(newest);
            if (upgrade.Verdict.Status != FindingStatus.Inconclusive || !upgrade.IsOpen) _blindSince.Remove(target.Name);
            else _blindSince.TryAdd(target.Name, now);
            var isBlind = _blindSince.TryGetValue(target.Name, out var since) && now - since >= BlindAfter;
            foreach (var alert in AlertRules.For(upgrade, target, options.Instance, isBlind, now)) yield return alert;
        }
    }

    // What fires there is asked each time: it may be from a process before this one, or may have been lost. Times are by its
    // own clock: by one that goes slow no alert would ever fire, by one that goes fast none would end.
    private async Task<string?> SendAsync(Dictionary<string, WantedAlert> wanted, CancellationToken cancellationToken)
    {
        var firing = await member.OwnAlertsAsync(cancellationToken);
        if (firing.Problem is not null) return firing.Problem;
        var now = firing.Now ?? time.GetUtcNow();
        var ended = firing.Labels.Where(labels => IsOurs(labels) && !wanted.ContainsKey(WantedAlert.IdentityOf(labels)))
            .Select(labels => (new WantedAlert(labels, new Dictionary<string, string>()), now));
        var sent = wanted.Values.Select(alert => (alert, now + Lifetime)).Concat(ended).ToList();
        return sent.Count == 0 ? null : await member.PostAlertsAsync(sent, cancellationToken);
    }

    // Another UpgradeWatch may send to the same Alertmanager.
    private bool IsOurs(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue("target", out var target) && options.Targets.Any(one => one.Name == target)
        && options.Instance.Labels.All(label => label.Key is "alertname" or "severity" or "target" or "sli" or "namespace" or "owner" || labels.GetValueOrDefault(label.Key) == label.Value);

    private void Note(string? problem)
    {
        if (problem is not null && problem != Latest?.LastError) Log.Trouble(logger, problem);
        Latest = DependencyDocument.After(Latest, problem, time.GetUtcNow());
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 431, Level = LogLevel.Warning, Message = "Alerts could not be sent, it is tried again: {Error}")]
        public static partial void Trouble(ILogger logger, string error);
    }
}
