using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>
/// Compares what the store holds, what the server had said it has done, and what Grafana shows: nothing may be lost,
/// nothing doubled, nothing made up. Gives a sentence for everything that is wrong.
/// </summary>
internal sealed class Audit
{
    private static readonly string[] Phases = [.. PhaseNames.All];

    private readonly IReadOnlyList<Upgrade> _upgrades;
    private readonly ILookup<string, StoredAnnotation> _annotations;
    private readonly List<string> _problems = [];

    private Audit(IReadOnlyList<Upgrade> upgrades, IReadOnlyList<EngineEvent> events, IReadOnlyList<StoredAnnotation> annotations)
    {
        (_upgrades, Events) = (upgrades, events);
        _annotations = annotations.ToLookup(KeyOf);
    }

    /// <summary>Everything that happened, as it is stored.</summary>
    public IReadOnlyList<EngineEvent> Events { get; }

    /// <summary>The upgrades, oldest first.</summary>
    public IReadOnlyList<Upgrade> Upgrades => _upgrades;

    /// <summary>Looks at the store of a server that has stopped, after its outbox ran empty.</summary>
    public static async Task<Audit> OpenAsync(string databaseFile, IReadOnlyList<StoredAnnotation> annotations)
    {
        await using var store = await SqliteStore.OpenAsync(databaseFile, "test", TimeProvider.System, NullLogger<SqliteStore>.Instance, CancellationToken.None);
        return await OpenAsync(store, annotations);
    }

    /// <summary>The same for a store that has been opened.</summary>
    public static async Task<Audit> OpenAsync(IUpgradeStore store, IReadOnlyList<StoredAnnotation> annotations)
    {
        var upgrades = await store.ListAsync(null, null, int.MaxValue, null, CancellationToken.None);
        var events = await store.EventsAfterAsync(0, int.MaxValue, CancellationToken.None);
        var audit = new Audit([.. upgrades.Reverse()], events, annotations);
        foreach (var (sink, waiting) in await store.CountOutboxAsync(CancellationToken.None)) audit.Say(waiting == 0, $"{waiting} entries still wait for {sink}");
        return audit;
    }

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<string> Run(IReadOnlyList<Acknowledged> acknowledged)
    {
        foreach (var one in acknowledged) CheckKept(one);
        foreach (var same in _upgrades.GroupBy(u => u.ToVersion).Where(same => same.Count() > 1)) Say(false, $"version {same.Key} was begun {same.Count()} times");
        var expected = new HashSet<string>();
        foreach (var upgrade in _upgrades)
        {
            var events = Events.Where(e => e.UpgradeId == upgrade.Id).ToList();
            CheckState(upgrade, events);
            expected.UnionWith(CheckAnnotations(upgrade));
            CheckRegions(upgrade);
            CheckPoints(upgrade, events);
        }

        foreach (var foreign in _annotations.Where(a => !expected.Contains(a.Key))) Say(false, $"nobody knows the annotation {foreign.First().Text} ({foreign.Key})");
        return _problems;
    }

    private void CheckKept(Acknowledged done)
    {
        if (_upgrades.FirstOrDefault(u => u.Id == done.UpgradeId) is not { } upgrade)
        {
            Say(false, $"upgrade {done.UpgradeId} to {done.ToVersion} is lost");
            return;
        }

        Say(upgrade.Revision >= done.Revision, $"{Name(upgrade)} went back from revision {done.Revision} to {upgrade.Revision}");
        if (done.Entered is { } entered)
        {
            Say(upgrade.History.Any(h => h.Phase.ToText() == entered.Phase && h.Reason == entered.Reason), $"{Name(upgrade)}: the move to {entered.Phase} is lost");
        }

        if (done.Noted is { } noted)
        {
            Say(upgrade.Checklist.Any(i => i.Id == noted.Item && i.Note == noted.Note), $"{Name(upgrade)}: the note '{noted.Note}' is lost");
        }
    }

    // State and events are written together, so the last event of each thing tells its state.
    private void CheckState(Upgrade upgrade, List<EngineEvent> events)
    {
        var phases = events.Where(e => e.Type == "phase").Select(e => e.State).ToList();
        var history = upgrade.History.Select(h => h.Phase.ToText()).ToList();
        Say(phases.SequenceEqual(history), $"{Name(upgrade)}: phases {string.Join(" ", history)}, but events {string.Join(" ", phases)}");
        Say(history.Distinct().Count() == history.Count, $"{Name(upgrade)} was twice in one phase: {string.Join(" ", history)}");
        if (events.LastOrDefault(e => e.Type == "verdict") is { } told)
        {
            var verdict = upgrade.Verdict;
            Say(told.State == verdict.Status.ToText() && told.Code == verdict.Code, $"{Name(upgrade)}: verdict {verdict.Status.ToText()} ({verdict.Code}), but told {told.State} ({told.Code})");
        }

        foreach (var finding in upgrade.Verdict.Findings)
        {
            var last = events.LastOrDefault(e => e.Type == "finding" && e.Subject == finding.Sli);
            Say(last?.State == finding.Result.Status.ToText(), $"{Name(upgrade)}: {finding.Sli} is {finding.Result.Status.ToText()}, but told {last?.State}");
        }

        foreach (var item in upgrade.Checklist)
        {
            var last = events.LastOrDefault(e => e.Type == "checklist" && e.Subject == item.Id);
            Say(last is null || last.State == item.Status.ToText(), $"{Name(upgrade)}: item {item.Id} is {item.Status.ToText()}, but told {last?.State}");
        }
    }

    // Every number that the upgrade has given to an annotation must be seen once: a gap is one that was lost.
    private IEnumerable<string> CheckAnnotations(Upgrade upgrade)
    {
        for (var number = 1; number < upgrade.NextSequence; number++)
        {
            var keys = KeysOf(upgrade, number).Where(_annotations.Contains).ToList();
            Say(keys.Count == 1, $"{Name(upgrade)}: annotation {number} of {upgrade.NextSequence - 1} is {(keys.Count == 0 ? "lost" : "there as several things")}");
            foreach (var key in keys)
            {
                var same = _annotations[key].ToList();
                Say(same.Count == 1, $"{Name(upgrade)}: annotation {number} ('{same[0].Text}') is there {same.Count} times");
                yield return key;
            }
        }
    }

    private static IEnumerable<string> KeysOf(Upgrade upgrade, int number) =>
    [
        .. Phases.Select(phase => OutboxKeys.Make(upgrade.Id, "phase", phase, number)),
        .. upgrade.Plan?.Slis.Select(sli => OutboxKeys.Make(upgrade.Id, "finding", sli.Name, number)) ?? [],
        OutboxKeys.Make(upgrade.Id, "verdict", "", number),
    ];

    private void CheckRegions(Upgrade upgrade)
    {
        for (var i = 0; i < upgrade.History.Count; i++)
        {
            var entry = upgrade.History[i];
            if (!entry.Phase.IsOpen()) continue;
            var phase = entry.Phase.ToText();
            var regions = Enumerable.Range(1, upgrade.NextSequence - 1).SelectMany(number => _annotations[OutboxKeys.Make(upgrade.Id, "phase", phase, number)]).ToList();
            Say(regions.Count == 1, $"{Name(upgrade)}: phase {phase} has {regions.Count} regions");
            var end = i + 1 < upgrade.History.Count ? upgrade.History[i + 1].At : entry.At;
            foreach (var region in regions)
            {
                Say(region.Time == entry.At.ToUnixTimeMilliseconds(), $"{Name(upgrade)}: the region of {phase} begins at {region.Time}, not at {entry.At.ToUnixTimeMilliseconds()}");
                Say(region.TimeEnd == end.ToUnixTimeMilliseconds(), $"{Name(upgrade)}: the region of {phase} ends at {region.TimeEnd}, not at {end.ToUnixTimeMilliseconds()}");
            }
        }
    }

    // What everybody must see, unless enough was said in the hour before: each verdict that decides something, and each SLI that fails.
    private void CheckPoints(Upgrade upgrade, List<EngineEvent> events)
    {
        var points = Enumerable.Range(1, upgrade.NextSequence - 1).SelectMany(number => KeysOf(upgrade, number).Skip(Phases.Length)).SelectMany(key => _annotations[key]).ToList();
        foreach (var point in points)
        {
            var inHour = points.Count(p => p.Time <= point.Time && point.Time - p.Time < 3_600_000);
            Say(inHour <= 6, $"{Name(upgrade)}: {inHour} points in one hour");
        }

        var states = new Dictionary<string, string>();
        foreach (var told in events.Where(e => e.Type is "verdict" or "finding"))
        {
            var before = states.GetValueOrDefault(told.Subject ?? "");
            states[told.Subject ?? ""] = told.State;
            var isTurn = told.Type == "verdict" ? told.State is "pass" or "warn" or "fail" or "inconclusive" : told.State == "fail";
            if (!isTurn || told.State == before) continue;
            var at = told.At.ToUnixTimeMilliseconds();
            var isEnough = points.Count(p => p.Time < at && at - p.Time < 3_600_000) >= 5;
            Say(isEnough || points.Exists(p => p.Time == at), $"{Name(upgrade)}: {told.Type} {told.Subject} {told.State} has no annotation");
        }
    }

    private void Say(bool isRight, string problem)
    {
        if (!isRight) _problems.Add(problem);
    }

    private static string Name(Upgrade upgrade) => $"upgrade {upgrade.Id} to {upgrade.ToVersion}";

    private static string KeyOf(StoredAnnotation annotation) => annotation.Index.SingleOrDefault(tag => tag.Key == "uwkey").Value ?? "";
}
