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
        var problem = await SendAsync(cancellationToken);
        Note(problem);
        return problem is null;
    }

    private IEnumerable<WantedAlert> Wanted(IReadOnlyList<FiringAlert> firing)
    {
        var now = time.GetUtcNow();
        foreach (var target in options.Targets.Where(target => upgrades.Owns(target.Name)))
        {
            if (upgrades.Newest(target.Name) is not { } newest) continue;
            var upgrade = upgrades.AsShown(newest);
            if (upgrade.Verdict.Status != FindingStatus.Inconclusive || !upgrade.IsOpen) _blindSince.Remove(target.Name);
            else _blindSince.TryAdd(target.Name, firing.Any(alert => IsBlindness(alert, target.Name)) ? now - BlindAfter : now);
            var isBlind = _blindSince.TryGetValue(target.Name, out var since) && now - since >= BlindAfter;
            foreach (var alert in AlertRules.For(upgrade, target, options.Instance, isBlind, now)) yield return alert;
        }
    }

    // Whoever had looked before this process knows since when.
    private static bool IsBlindness(FiringAlert alert, string target) =>
        alert.Labels.GetValueOrDefault("alertname") == "UpgradeBlind" && alert.Labels.GetValueOrDefault("target") == target;

    // What fires there is asked each time: it may be from a process before this one, or may have been lost. Times are by its
    // own clock: by one that goes slow no alert would ever fire, by one that goes fast none would end.
    private async Task<string?> SendAsync(CancellationToken cancellationToken)
    {
        var firing = await member.OwnAlertsAsync(cancellationToken);
        if (firing.Problem is not null) return firing.Problem;
        var wanted = Wanted(firing.Alerts).ToDictionary(alert => alert.Identity);
        var now = firing.Now ?? time.GetUtcNow();
        var ended = firing.Alerts.Where(alert => IsOurs(alert.Labels) && !wanted.ContainsKey(WantedAlert.IdentityOf(alert.Labels)))
            .Select(alert => (new WantedAlert(alert.Labels, alert.Annotations) { Since = alert.StartsAt < now.AddSeconds(-1) ? alert.StartsAt : now.AddSeconds(-1) }, now));
        var sent = wanted.Values.Select(alert => (alert with { Since = Start(alert, now) }, now + Lifetime)).Concat(ended).ToList();
        return sent.Count == 0 ? null : await member.PostAlertsAsync(sent, cancellationToken);
    }

    // By its clock nothing begins after now.
    private DateTimeOffset Start(WantedAlert alert, DateTimeOffset now)
    {
        var latest = now.AddSeconds(-1);
        return alert.Since is { } since && since - (time.GetUtcNow() - now) < latest ? since - (time.GetUtcNow() - now) : latest;
    }

    // Another UpgradeWatch may send to the same Alertmanager: its alerts have other labels of an instance, or none.
    private bool IsOurs(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue("target", out var target) && options.Targets.Any(one => one.Name == target)
        && InstanceLabels(labels).SetEquals(InstanceLabels(options.Instance.Labels));

    private static HashSet<(string Name, string Value)> InstanceLabels(IReadOnlyDictionary<string, string> labels) =>
    [
        .. labels.Where(label => label.Value.Length > 0 && label.Key is not ("alertname" or "severity" or "target" or "sli" or "namespace" or "owner" or AlertRules.SourceLabel or AlertRules.SenderLabel))
            .Select(label => (label.Key, label.Value)),
    ];

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
