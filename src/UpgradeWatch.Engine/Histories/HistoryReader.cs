using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Histories;

/// <summary>
/// Reads the days before an upgrade in the background: for every target while nothing happens, so that they are there when
/// an upgrade begins, and by absolute times for one that has begun. When they are all there they are frozen and stored with
/// the upgrade. One piece of one target at a time, so that a source is never asked more than one read's queries at once;
/// evaluations do not wait for it.
/// </summary>
public sealed partial class HistoryReader(
    UpgradeService upgrades,
    IUpgradeStore store,
    IReadOnlyList<IMetricSource> sources,
    EngineOptions options,
    SourceCounters counters,
    TimeProvider time,
    ILogger<HistoryReader> logger)
{
    private const int MinutesOfGrowth = 60;
    private const int EarlierUpgrades = 10;

    // After so long without the older part an upgrade is judged against what there is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    // By then an evaluation has taken up what was frozen.
    private static readonly TimeSpan TakenUp = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private readonly List<TargetReading> _targets = [.. options.Targets.Select(target => new TargetReading(target))];
    private readonly ConcurrentDictionary<string, SourceHealth> _health = new();
    private readonly Alarm _alarm = new(time);
    private DateTimeOffset? _giveBackAt;

    /// <summary>How the last read of each target's history went; a target that nothing was read of is missing.</summary>
    public IReadOnlyDictionary<string, SourceHealth> Health => _health;

    /// <summary>How many numbers of history are in memory now, of all targets.</summary>
    internal long NumbersInMemory => _targets.Sum(reading => reading.History?.Numbers ?? 0);

    /// <summary>Has the loop look again at once: an upgrade has moved on.</summary>
    public void Wake() => _alarm.Ring();

    /// <summary>Reads what is to be read, again whenever it is woken or something becomes due, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var due = await RunOnceAsync(cancellationToken).ConfigureAwait(false);
            if (GiveMemoryBackAt() is { } memory && memory < due) due = memory;
            await _alarm.WaitAsync(due, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads all that is due, the most urgent first. Returns when something is due again.</summary>
    public async Task<DateTimeOffset> RunOnceAsync(CancellationToken cancellationToken)
    {
        while (MostUrgent() is { } reading)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await AdvanceAsync(reading, cancellationToken).ConfigureAwait(false);
        }

        return _targets.Select(NextLook).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }

    // Days of samples went through memory, and hardly anything of them is kept: it would stay the process's own for hours.
    private DateTimeOffset? GiveMemoryBackAt()
    {
        if (time.GetUtcNow() < _giveBackAt) return _giveBackAt;
        if (_giveBackAt is not null) GiveBack();
        return _giveBackAt = null;
    }

    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private TargetReading? MostUrgent()
    {
        var now = time.GetUtcNow();
        return _targets.Where(reading => NextLook(reading) <= now)
            .MinBy(reading => UpgradeOf(reading) is not { } upgrade ? 2 : HistoryRules.IsAwaited(upgrade) ? 0 : 1);
    }

    private DateTimeOffset NextLook(TargetReading reading)
    {
        // An upgrade that has begun while it rested does not wait for the end of the rest.
        var isUrgent = UpgradeOf(reading) is { UpgradedAt: not null } upgrade && (HistoryRules.IsAwaited(upgrade) || upgrade.Id != reading.ServedUpgrade);
        var due = isUrgent ? DateTimeOffset.MinValue : reading.DueAt;
        return due > reading.RetryAt ? due : reading.RetryAt;
    }

    private Upgrade? UpgradeOf(TargetReading reading) => upgrades.Newest(reading.Target.Name) is { IsOpen: true } upgrade ? upgrade : null;

    private async Task AdvanceAsync(TargetReading reading, CancellationToken cancellationToken)
    {
        try
        {
            var failure = UpgradeOf(reading) is { UpgradedAt: not null } upgrade
                ? await ServeAsync(reading, upgrade, cancellationToken).ConfigureAwait(false)
                : await PrepareAsync(reading, cancellationToken).ConfigureAwait(false);
            Note(reading, failure);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(e, reading.Target.Name);
            Note(reading, new SourceFailure(SourceFailureKind.Broken, e.Message));
        }
    }

    // An upgrade has begun: it gets its history, and nothing is kept in memory for the next one until it is over.
    private async Task<SourceFailure?> ServeAsync(TargetReading reading, Upgrade upgrade, CancellationToken cancellationToken)
    {
        reading.ServedUpgrade = upgrade.Id;
        if (!HistoryRules.IsAwaited(upgrade))
        {
            if (upgrade.Past is not null) reading.History = null;
            if (upgrade.Baseline is not null) return Rest(reading);

            // Nobody tells when the baseline is frozen, and a verdict may be waiting for what comes next.
            reading.DueAt = time.GetUtcNow() + Soon;
            return null;
        }

        if (upgrade.Past is not null) return await CalibrateAgainAsync(reading, upgrade, cancellationToken).ConfigureAwait(false);
        if (await store.LoadBaselineAsync(upgrade.Id, cancellationToken).ConfigureAwait(false) is not { } baseline)
            return new SourceFailure(SourceFailureKind.Empty, "the baseline is not in the store");
        var history = await HistoryOfAsync(reading, upgrade.Plan!, cancellationToken).ConfigureAwait(false);
        var (first, end) = (HistoryRules.UpgradedAt(upgrade) - HistoryRules.Length(upgrade.Evaluation), HistoryFreezer.SeamOf(upgrade, baseline));
        if (history.Missing(first, end, reading.MinutesAtOnce) is { } missing)
        {
            var failure = await ReadAsync(reading, history, missing, cancellationToken).ConfigureAwait(false);
            var isLongGone = failure is not null && time.GetUtcNow() - reading.FailingSince >= Patience && history.End >= end && history.First < end;
            if (!isLongGone) return failure;
        }

        return await KeepAsync(reading, upgrade, HistoryFreezer.Freeze(upgrade, history, baseline), cancellationToken).ConfigureAwait(false);
    }

    // The rollout took longer than was thought: the moments it is compared with have to be watched for as long.
    private async Task<SourceFailure?> CalibrateAgainAsync(TargetReading reading, Upgrade upgrade, CancellationToken cancellationToken)
    {
        if (await store.LoadHistoryAsync(upgrade.Id, cancellationToken).ConfigureAwait(false) is not { } stored)
            return new SourceFailure(SourceFailureKind.Empty, "the frozen history is not in the store");
        return await KeepAsync(reading, upgrade, HistoryFreezer.Calibrate(upgrade, stored, upgrade.Plan!.Slis), cancellationToken).ConfigureAwait(false);
    }

    private async Task<SourceFailure?> KeepAsync(TargetReading reading, Upgrade upgrade, FrozenHistory frozen, CancellationToken cancellationToken)
    {
        var window = HistoryFreezer.WindowOf(upgrade, frozen);

        // An evaluation may be stored meanwhile; what is frozen does not depend on it.
        const int Tries = 5;
        for (var i = 0; i < Tries; i++)
        {
            if (await upgrades.FindAsync(upgrade.Id, cancellationToken).ConfigureAwait(false) is not { } now || !HistoryRules.IsAwaited(now)) return null;
            if (!await upgrades.ApplyAsync(now, change => change.Freeze(frozen, window), worthStoring: true, cancellationToken).ConfigureAwait(false)) continue;
            LogFrozen(upgrade.Target, upgrade.Id, window.From, window.Until, frozen.Slis.Count(sli => sli.Reference is not null));
            reading.History = null;

            // Before the next target is worked through: what many upgrades need at once is what one needs.
            GiveBack();
            _giveBackAt = time.GetUtcNow() + TakenUp;
            return null;
        }

        return new SourceFailure(SourceFailureKind.Broken, "the frozen history could not be stored");
    }

    private async Task<SourceFailure?> PrepareAsync(TargetReading reading, CancellationToken cancellationToken)
    {
        var upgrade = UpgradeOf(reading);
        var evaluation = upgrade?.Evaluation ?? reading.Target.Evaluation;
        if (!HistoryRules.IsRead(evaluation, upgrade) || SourceOf(reading.Target) is not { } source) return Rest(reading);
        if (upgrade?.Plan is { } announced) reading.Plan = announced;
        if (reading.Plan is null || (upgrade is null && reading.IsPlanDue))
        {
            var reply = await source.PlanAsync(reading.Target, cancellationToken).ConfigureAwait(false);
            if (reply.Failure is { } failure) return failure;

            // A service that shows nothing critical for now, as when it has just started, is still the same service.
            if (reading.Plan is null || reply.Value!.Slis.Any(sli => sli.Critical)) reading.Plan = reply.Value;
            reading.IsPlanDue = false;
        }

        if (!TakeRoom(reading, reading.Plan!)) return Rest(reading);
        var history = await HistoryOfAsync(reading, reading.Plan!, cancellationToken).ConfigureAwait(false);
        var end = HistoryRules.SettledAt(evaluation, reading.Plan!, time.GetUtcNow()) / MinutesOfGrowth * MinutesOfGrowth;
        var first = Math.Max(end, history.End) - HistoryRules.Length(evaluation);
        history.Trim(first);
        if (history.Missing(first, end, reading.MinutesAtOnce) is { } missing) return await ReadAsync(reading, history, missing, cancellationToken).ConfigureAwait(false);
        return Rest(reading);
    }

    private async Task<TargetHistory> HistoryOfAsync(TargetReading reading, TargetPlan plan, CancellationToken cancellationToken)
    {
        var wanted = PlanOf(plan);
        if (reading.History?.Plan.Key == wanted.Key) return reading.History;
        return reading.History = TargetHistory.From(await FindFrozenAsync(plan.Target, cancellationToken).ConfigureAwait(false), wanted);
    }

    private HistoryPlan PlanOf(TargetPlan plan) => new(plan, SourceOf(plan)?.AnswersAnyStep ?? true);

    // What is kept stays: to read it again for another target's sake would cost more than it saves. A target that finds no
    // room goes on from its last upgrade when the next one begins, and looks for room again until then.
    private bool TakeRoom(TargetReading reading, TargetPlan plan)
    {
        var wanted = reading.NumbersOf(PlanOf(plan));
        if (reading.Room == 0 && _targets.Sum(other => other.Room) + wanted > options.MostHistoryNumbers)
        {
            reading.History = null;
            return false;
        }

        reading.Room = wanted;
        return true;
    }

    // That of the last upgrade, to go on from it. What cannot be read of it is read from the source again.
    private async Task<FrozenHistory?> FindFrozenAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            var earlier = await store.ListAsync(target, null, EarlierUpgrades, null, cancellationToken).ConfigureAwait(false);
            return earlier.FirstOrDefault(upgrade => upgrade.Past is not null) is { } last
                ? await store.LoadHistoryAsync(last.Id, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (StoreException e)
        {
            LogNotFound(target, e.Message);
            return null;
        }
    }

    private async Task<SourceFailure?> ReadAsync(TargetReading reading, TargetHistory history, (long First, long End) missing, CancellationToken cancellationToken)
    {
        var plan = history.Plan.Plan;
        if (SourceOf(plan) is not { } source) return new SourceFailure(SourceFailureKind.Refused, $"the source '{plan.Source}' is not configured any more");
        StepBlock? block = null;
        if (history.Plan.StepsOf(missing.First, missing.End) is { } steps)
        {
            var reply = await source.ReadAsync(plan, steps.First, steps.Last, cancellationToken).ConfigureAwait(false);
            var failure = reply.Failure ?? RefusedIn(reading, history.Plan, reply.Value!);
            reading.Learn((int)(missing.End - missing.First), failure);
            if (failure is not null) return failure;
            block = reply.Value!;
            counters.CountNeeded(plan.Source, block.Samples);
        }

        history.Add(missing.First, missing.End, block);
        _giveBackAt = time.GetUtcNow();
        return null;
    }

    // A signal that the source refuses would be a gap for good: it is asked again like a source that fails, for a while.
    private SourceFailure? RefusedIn(TargetReading reading, HistoryPlan plan, StepBlock block)
    {
        foreach (var name in reading.GivenUp.Keys.Where(name => block.Signals.GetValueOrDefault(name) is { Failure: null }).ToArray()) reading.GivenUp.Remove(name);
        foreach (var signal in plan.Plan.Signals.Where(signal => !reading.GivenUp.ContainsKey(signal.Name)))
        {
            if (block.Signals.GetValueOrDefault(signal.Name)?.Failure is not { } failure) continue;
            if (!(time.GetUtcNow() - reading.FailingSince >= Patience)) return failure;
            reading.GivenUp[signal.Name] = failure;
            LogGivenUp(reading.Target.Name, string.Join(", ", plan.Slis.Where(sli => sli.Signal == signal.Name).Select(sli => sli.Name)), failure.Message);
        }

        return null;
    }

    private IMetricSource? SourceOf(TargetOptions target) => sources.FirstOrDefault(source => source.Name == (target.ScrapeUrl is null ? "prometheus" : "scrape"));

    private IMetricSource? SourceOf(TargetPlan plan) => sources.FirstOrDefault(source => source.Name == plan.Source);

    private SourceFailure? Rest(TargetReading reading)
    {
        reading.IsPlanDue = true;
        reading.DueAt = time.GetUtcNow() + TimeSpan.FromMinutes(MinutesOfGrowth / 4.0);
        return null;
    }

    private void Note(TargetReading reading, SourceFailure? failure)
    {
        var now = time.GetUtcNow();
        reading.Failures = failure is null ? 0 : reading.Failures + 1;
        reading.FailingSince = failure is null ? null : reading.FailingSince ?? now;
        if (failure is not null) reading.RetryAt = now + Backoff.After(reading.Failures, null);
        _health.AddOrUpdate(
            reading.Target.Name,
            _ => new SourceHealth(failure, now, now),
            (_, old) => new SourceHealth(failure, (old.Failure is null) == (failure is null) ? old.Since : now, now));
        if (failure is not null && reading.Failures == 1) LogRetried(reading.Target.Name, failure.Message);
    }

    [LoggerMessage(20, LogLevel.Error, "history failed target={Target}")]
    private partial void LogFailed(Exception exception, string target);

    [LoggerMessage(21, LogLevel.Warning, "history cannot be read yet target={Target} reason=\"{Reason}\"")]
    private partial void LogRetried(string target, string reason);

    [LoggerMessage(23, LogLevel.Warning, "kept history cannot be read, the source is asked again target={Target} reason=\"{Reason}\"")]
    private partial void LogNotFound(string target, string reason);

    [LoggerMessage(24, LogLevel.Warning, "history is left out, it is refused target={Target} slis=\"{Slis}\" reason=\"{Reason}\"")]
    private partial void LogGivenUp(string target, string slis, string reason);

    [LoggerMessage(22, LogLevel.Information, "history frozen target={Target} upgrade={Upgrade} from={From:O} until={Until:O} series={Series}")]
    private partial void LogFrozen(string target, string upgrade, DateTimeOffset from, DateTimeOffset until, int series);
}
