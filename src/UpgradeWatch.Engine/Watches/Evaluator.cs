using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>One look at everything: what the worker calls every interval, and what the simulation calls on virtual time.</summary>
public sealed partial class Evaluator(
    UpgradeService upgrades,
    IUpgradeStore store,
    IReadOnlyList<IMetricSource> sources,
    IReadOnlyList<IIncidentSource> incidents,
    EngineOptions options,
    SourceCounters counters,
    TimeProvider time,
    ILogger<Evaluator> logger,
    IReadOnlyList<IHealthSource>? healthSources = null,
    IReadOnlyList<ISideSource>? sideSources = null)
{
    // Findings are stored when they change; their numbers alone at most this often, so that
    // an instance on standby never takes them for stale.
    private static readonly TimeSpan StoreNumbersEvery = TimeSpan.FromSeconds(30);

    // Clocks are set by a second now and then.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Watch> _watches = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _stored = new();
    private readonly BaselineReader _baselines = new(store, incidents, time);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>When the last tick ended; null before the first.</summary>
    public DateTimeOffset? LastTickAt { get; private set; }

    /// <summary>How long the last tick took.</summary>
    public TimeSpan LastTickDuration { get; private set; }

    /// <summary>How far the newest judged step of the slowest watched upgrade lies behind what could be complete, in seconds; 0 when nothing is watched.</summary>
    public double LagSeconds { get; private set; }

    /// <summary>
    /// Looks at every upgrade that is watched: reads what is new, judges it, stores what changed. Does not wait longer than
    /// an interval for a source that answers slowly or not at all: that look goes on beside the next ones. Not to be called
    /// while another tick is under way. On standby it looks at nothing.
    /// </summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        if (!upgrades.IsActive) return;
        var started = time.GetTimestamp();
        LagSeconds = await LookAtAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in _watches.Keys.Union(_stored.Keys).Except(upgrades.Current.Where(NeedsLook).Select(u => u.Id)))
        {
            _watches.TryRemove(id, out _);
            _stored.TryRemove(id, out _);
        }

        LastTickDuration = time.GetElapsedTime(started);
        LastTickAt = time.GetUtcNow();
    }

    /// <summary>The points of one SLI of an upgrade; null when the SLI is not known or nothing was read yet.</summary>
    public async Task<SliSeries?> SeriesAsync(Upgrade upgrade, string sli, CancellationToken cancellationToken)
    {
        if (!_watches.TryGetValue(upgrade.Id, out var watch))
        {
            if (upgrade.Plan is not { } plan || SourceOf(plan) is not { } source || upgrade.UpgradedAt is not { } from) return null;
            if (await MakeWatchAsync(upgrade, plan, from, cancellationToken).ConfigureAwait(false) is not { } made) return null;
            var until = upgrade.WindowClosedAt ?? upgrade.EvaluatedAt ?? time.GetUtcNow();
            var reply = await source.ReadAsync(plan, made.NextStep, Math.Max(made.NextStep, plan.StepAt(until)), cancellationToken).ConfigureAwait(false);
            if (reply.Value is { } block) made.Add(upgrade, block);
            watch = made;
        }

        return watch.Series(sli, upgrade.Verdict.Findings.FirstOrDefault(f => f.Sli == sli)?.Result);
    }

    // An instance that has taken over from another begins to look then.
    private DateTimeOffset LookingSince => store.Lease.Since is { } since && since > _startedAt ? since : _startedAt;

    private bool NeedsLook(Upgrade upgrade) => upgrades.Owns(upgrade.Target) && upgrade.Phase switch
    {
        Phase.PreUpgrade => true,
        Phase.Upgrading or Phase.PostUpgrade => !upgrade.Verdict.Final,
        Phase.RolledBack => upgrade.TimeToRestoreSeconds is null && upgrade.Baseline is not null && time.GetUtcNow() <= RestoreEnds(upgrade) + WindowRules.CatchUp,
        _ => false,
    };

    // Returns the lag in seconds. One upgrade's trouble must not keep the others from being looked at.
    private async Task<double> LookAsync(Upgrade upgrade, CancellationToken cancellationToken)
    {
        try
        {
            if (upgrade.Plan is null && await PlanAsync(upgrade, cancellationToken).ConfigureAwait(false) is { } planned) upgrade = planned;
            if (IsThin(upgrade) && await PlanBetterAsync(upgrade, cancellationToken).ConfigureAwait(false) is { } better) upgrade = better;
            if (upgrade.Plan is not { } plan) return 0;
            if (upgrade.UpgradedAt is not { } from)
            {
                await SayNothingYetAsync(upgrade, Verdict.Nothing, cancellationToken).ConfigureAwait(false);
                return 0;
            }

            return upgrade.Phase == Phase.RolledBack
                ? await WatchRestoreAsync(upgrade, plan, cancellationToken).ConfigureAwait(false)
                : await JudgeAsync(upgrade, plan, from, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogLookFailed(e, upgrade.Target, upgrade.Id);
            return 0;
        }
    }

    private async Task<Upgrade?> PlanAsync(Upgrade upgrade, CancellationToken cancellationToken)
    {
        var target = options.Find(upgrade.Target);
        var source = target is null ? null : sources.FirstOrDefault(s => s.Name == (target.ScrapeUrl is null ? "prometheus" : "scrape"));
        var reply = source is null
            ? new SourceFailure(SourceFailureKind.Refused, $"target '{upgrade.Target}' is not in the configuration any more, or has no source")
            : await source.PlanAsync(target! with { Evaluation = upgrade.Evaluation }, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { } failure)
        {
            await CannotPrepareAsync(upgrade, failure, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return await KeepPlanAsync(upgrade, reply.Value!, cancellationToken).ConfigureAwait(false);
    }

    // A service has no request metrics before its first request: what was planned then has nothing to decide by.
    private static bool IsThin(Upgrade upgrade) => upgrade is { Baseline: null, Plan: { } plan } && !plan.Slis.Any(sli => sli.Critical);

    private async Task<Upgrade?> PlanBetterAsync(Upgrade upgrade, CancellationToken cancellationToken)
    {
        if (options.Find(upgrade.Target) is not { } target || SourceOf(upgrade.Plan!) is not { } source) return null;
        var reply = await source.PlanAsync(target with { Evaluation = upgrade.Evaluation }, cancellationToken).ConfigureAwait(false);
        return reply.Value is { } plan && plan.Slis.Any(sli => sli.Critical) ? await KeepPlanAsync(upgrade, plan, cancellationToken).ConfigureAwait(false) : null;
    }

    private async Task<Upgrade?> KeepPlanAsync(Upgrade upgrade, TargetPlan plan, CancellationToken cancellationToken)
    {
        LogPlanned(upgrade.Target, upgrade.Id, plan.Explanation);
        await upgrades.ApplyAsync(upgrade, change => change.Set(u => u with { Plan = plan }), worthStoring: true, cancellationToken).ConfigureAwait(false);
        return await upgrades.FindAsync(upgrade.Id, cancellationToken).ConfigureAwait(false);
    }

    // Without a plan or a baseline nothing can be judged: pending while the window is open, inconclusive when it is over.
    private async Task CannotPrepareAsync(Upgrade upgrade, SourceFailure failure, CancellationToken cancellationToken)
    {
        if (WindowRules.IsOver(upgrade.WindowEndsAt, time.GetUtcNow(), caughtUp: false, LookingSince))
        {
            var verdict = new Verdict
            {
                Status = FindingStatus.Inconclusive,
                Code = failure.Kind == SourceFailureKind.Empty ? FindingCodes.TooLittleData : FindingCodes.Source,
                Summary = $"The time before the upgrade could not be read: {failure.Message}",
                Final = true,
            };
            await ApplyVerdictAsync(upgrade, verdict, TargetHealth.Unknown, close: true, cancellationToken).ConfigureAwait(false);
            return;
        }

        var pending = upgrade.UpgradedAt is null
            ? Verdict.Nothing with { Summary = $"The upgrade has not begun. The target cannot be read yet: {failure.Message}" }
            : Verdict.Nothing with { Code = FindingCodes.Baseline, Summary = $"The time before the upgrade could not be read yet: {failure.Message}" };
        await SayNothingYetAsync(upgrade, pending, cancellationToken).ConfigureAwait(false);
    }

    private Task SayNothingYetAsync(Upgrade upgrade, Verdict verdict, CancellationToken cancellationToken) =>
        ApplyVerdictAsync(upgrade, verdict, TargetHealth.Unknown, close: false, cancellationToken);

    private async Task<double> JudgeAsync(Upgrade upgrade, TargetPlan plan, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (upgrade.Baseline is null)
        {
            if (await FreezeAsync(upgrade, plan, cancellationToken).ConfigureAwait(false) is not { } frozen) return 0;
            upgrade = frozen;
        }

        if (WindowRules.AwaitsHistory(upgrade, time.GetUtcNow(), LookingSince))
        {
            var reading = Verdict.Nothing with { Code = FindingCodes.Baseline, Summary = "The upgrade was entered afterwards; the days before it are being read." };
            await SayNothingYetAsync(upgrade, reading, cancellationToken).ConfigureAwait(false);
            return 0;
        }

        if (await WatchOfAsync(upgrade, plan, from, cancellationToken).ConfigureAwait(false) is not { } watch) return 0;
        await JoinHistoryAsync(upgrade, plan, watch, cancellationToken).ConfigureAwait(false);
        var (until, readUntil) = (WindowRules.ReadUntil(upgrade, extended: false), WindowRules.ReadUntil(upgrade, extended: true));
        await ReadNewAsync(upgrade, plan, watch, until, cancellationToken).ConfigureAwait(false);
        await ReadSidesAsync(upgrade, plan, watch, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var closed = IsOver(upgrade, plan, watch, until);
        var verdict = Decide(upgrade, watch, closed);
        if (closed && readUntil > until && verdict is { Status: FindingStatus.Inconclusive, Code: FindingCodes.TooLittleData })
        {
            await ReadNewAsync(upgrade, plan, watch, readUntil, cancellationToken).ConfigureAwait(false);
            closed = IsOver(upgrade, plan, watch, readUntil);
            verdict = Decide(upgrade, watch, closed);
        }

        if (watch.Similar is null && verdict.Findings.Any(f => f.Result.Code == FindingCodes.MetricVanished))
        {
            await NameSimilarAsync(plan, watch, cancellationToken).ConfigureAwait(false);
            verdict = Decide(upgrade, watch, closed);
        }

        if (await ExplainAsync(upgrade, plan, watch, verdict.Findings, cancellationToken).ConfigureAwait(false)) verdict = Decide(upgrade, watch, closed);
        await ApplyVerdictAsync(upgrade, verdict, watch.Health, closed, cancellationToken).ConfigureAwait(false);
        var newest = Math.Min(plan.NewestComplete(now), until is { } end ? plan.StepAt(end) : long.MaxValue);
        return Math.Max(0, newest - watch.NextStep + 1) * plan.StepSeconds;
    }

    // What was entered afterwards is over before anybody could look: it has as long to catch up as any other.
    private bool IsOver(Upgrade upgrade, TargetPlan plan, Watch watch, DateTimeOffset? until)
    {
        var hasHistory = watch.Past == upgrade.Past && !HistoryRules.IsAwaited(upgrade);
        var caughtUp = until is { } end && hasHistory && watch is { SourceFailure: null, IsCriticalRefused: false } && watch.NextStep > plan.StepAt(end);
        var recordedAt = upgrade.History[^1].RecordedAt;
        return WindowRules.IsOver(until, time.GetUtcNow(), caughtUp, recordedAt > LookingSince ? recordedAt : LookingSince);
    }

    private async Task NameSimilarAsync(TargetPlan plan, Watch watch, CancellationToken cancellationToken)
    {
        if (SourceOf(plan) is not { } source) return;
        var present = await source.MetricNamesAsync(plan, cancellationToken).ConfigureAwait(false);
        watch.Similar = SimilarNames.Find([.. plan.Signals.SelectMany(PlanMetrics.Of)], present);
    }

    private Verdict Decide(Upgrade upgrade, Watch watch, bool closed)
    {
        var stage = closed ? Stage.Closed : upgrade.ObservedFrom is null ? Stage.Upgrading : Stage.Watching;
        var (findings, leftOut) = watch.Evaluate(upgrade, stage);
        return VerdictRules.Decide(upgrade, findings, leftOut, watch.ObservedUntil, watch.BaselineUnhealthy, closed, time.GetUtcNow());
    }

    private async Task<Upgrade?> FreezeAsync(Upgrade upgrade, TargetPlan plan, CancellationToken cancellationToken)
    {
        if (plan.NewestComplete(time.GetUtcNow()) < plan.StepAt(upgrade.UpgradedAt!.Value))
        {
            var waiting = Verdict.Nothing with { Code = FindingCodes.Baseline, Summary = "The last samples before the upgrade are not there yet." };
            await SayNothingYetAsync(upgrade, waiting, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var leftOut = await _baselines.LeftOutAsync(upgrade, plan, cancellationToken).ConfigureAwait(false);
        var window = BaselineReader.WindowOf(upgrade, plan, leftOut);
        SourceReply<StepBlock> reply = SourceOf(plan) is { } source
            ? await source.ReadAsync(plan, window.ReadFrom, window.LastStep, cancellationToken).ConfigureAwait(false)
            : new SourceFailure(SourceFailureKind.Refused, NotConfigured(plan));
        if (reply.Failure is { } failure)
        {
            await CannotPrepareAsync(upgrade, failure, cancellationToken).ConfigureAwait(false);
            return null;
        }

        counters.CountNeeded(plan.Source, reply.Value!.Samples);
        var frozen = new TimeWindow(plan.EndOf(window.FirstStep - 1), plan.EndOf(window.LastStep));
        await upgrades.ApplyAsync(upgrade, change => change.Freeze(reply.Value, frozen, leftOut), worthStoring: true, cancellationToken).ConfigureAwait(false);
        return await upgrades.FindAsync(upgrade.Id, cancellationToken).ConfigureAwait(false) is { Baseline: not null } stored ? stored : null;
    }

    private async Task<Watch?> WatchOfAsync(Upgrade upgrade, TargetPlan plan, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (_watches.TryGetValue(upgrade.Id, out var watch)) return watch;
        if (await MakeWatchAsync(upgrade, plan, from, cancellationToken).ConfigureAwait(false) is not { } made) return null;
        return _watches[upgrade.Id] = made;
    }

    private async Task<Watch?> MakeWatchAsync(Upgrade upgrade, TargetPlan plan, DateTimeOffset from, CancellationToken cancellationToken)
    {
        if (await store.LoadBaselineAsync(upgrade.Id, cancellationToken).ConfigureAwait(false) is not { } baseline) return null;
        var leftOut = await _baselines.LeftOutAsync(upgrade, plan, cancellationToken).ConfigureAwait(false);
        var watch = new Watch(upgrade, plan, baseline, BaselineReader.WindowOf(upgrade, plan, leftOut), from) { LeftOut = leftOut };

        // Nobody asked the source so far. Without an "up" nothing tells a source that was gone from metrics that are.
        if (plan.HasUp) watch.ExcuseUnseen(time.GetUtcNow());
        return watch;
    }

    // The history comes when it has been read, without anybody waiting for it: what was seen so far is judged again with it.
    private async Task JoinHistoryAsync(Upgrade upgrade, TargetPlan plan, Watch watch, CancellationToken cancellationToken)
    {
        if (upgrade.Past is null || watch.Past == upgrade.Past) return;
        try
        {
            if (await store.LoadHistoryAsync(upgrade.Id, cancellationToken).ConfigureAwait(false) is { } history)
                watch.Join(upgrade, SliHistories.Of(upgrade, plan, history));
            else
                DoWithoutHistory(upgrade, watch, "it is not in the store");
        }
        catch (StoreException e) when (e.Failure is StoreFailure.Corrupt or StoreFailure.Newer)
        {
            DoWithoutHistory(upgrade, watch, e.Message);
        }
        catch (StoreException e)
        {
            // A store that is busy or in trouble gives it at one of the next looks; the window waits for it like for a
            // source. Nothing is decided for good here, so that a restart in between makes no difference.
            if (!watch.IsHistoryLate) LogHistoryLate(upgrade.Target, upgrade.Id, e.Message);
            watch.IsHistoryLate = true;
        }
    }

    // What is lost stays lost, also after a restart: nobody has to wait for it.
    private void DoWithoutHistory(Upgrade upgrade, Watch watch, string reason)
    {
        LogHistoryLost(upgrade.Target, upgrade.Id, reason);
        watch.Join(upgrade, new Dictionary<string, SliHistory>());
    }

    private async Task ReadNewAsync(Upgrade upgrade, TargetPlan plan, Watch watch, DateTimeOffset? until, CancellationToken cancellationToken, Action? afterEach = null)
    {
        var last = Math.Min(plan.NewestComplete(time.GetUtcNow()), until is { } end ? plan.StepAt(end) : long.MaxValue);
        if (IsAheadOfClock(upgrade, plan, watch)) return;
        if (last < watch.NextStep)
        {
            if (until is { } closing && watch.NextStep > plan.StepAt(closing)) await RereadRefusedAsync(upgrade, plan, watch, isLast: true, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (SourceOf(plan) is not { } source)
        {
            watch.SourceFailure = NotConfigured(plan);
            return;
        }

        var reply = await source.ReadAsync(plan, watch.NextStep, last, cancellationToken).ConfigureAwait(false);
        var wasGone = watch.SourceFailure is not null;
        watch.SourceFailure = reply.Failure?.Message;
        if (reply.Value is not { } block) return;
        if (wasGone) watch.ExcuseUnseen(time.GetUtcNow());
        counters.CountNeeded(plan.Source, block.Samples);
        foreach (var part in afterEach is null ? [block] : StepBlocks.OneByOne(block))
        {
            watch.Add(upgrade, part);
            afterEach?.Invoke();
        }

        await RereadRefusedAsync(upgrade, plan, watch, isLast: false, cancellationToken).ConfigureAwait(false);
        if (watch.GapToReread is not { } gap) return;
        var again = await source.ReadAsync(plan, gap.First, gap.Last, cancellationToken).ConfigureAwait(false);
        if (again.Value is not { } filled) return;
        counters.CountNeeded(plan.Source, filled.Samples);
        watch.Replace(upgrade, filled);
    }

    // A clock that was ahead and is right again leaves steps behind in which nothing can have been seen: they are read
    // again when their time has come. What was seen was seen, and then it is this clock that is wrong now.
    private bool IsAheadOfClock(Upgrade upgrade, TargetPlan plan, Watch watch)
    {
        var now = time.GetUtcNow();
        if (plan.EndOf(watch.NextStep - 1) <= now + ClockSlack || watch.TryForgetAfter(upgrade, plan.NewestComplete(now))) return false;
        watch.SourceFailure = $"the clock was set back: the newest samples are of {plan.EndOf(watch.NextStep - 1).UtcDateTime:HH:mm:ss} UTC, and it is {now.UtcDateTime:HH:mm:ss} now";
        return true;
    }

    // Signals that were refused for a while are answered again, or the window ends and nothing will come after them.
    private async Task RereadRefusedAsync(Upgrade upgrade, TargetPlan plan, Watch watch, bool isLast, CancellationToken cancellationToken)
    {
        if (watch.RefusedToReread(isLast) is not { } refused || SourceOf(plan) is not { } source) return;
        var reply = await source.ReadAsync(plan with { Signals = refused.Signals }, refused.First, refused.Last, cancellationToken).ConfigureAwait(false);
        if (reply.Value is not { } again) return;
        counters.CountNeeded(plan.Source, again.Samples);
        watch.Mend(upgrade, again, isLast);
    }

    private static string NotConfigured(TargetPlan plan) => $"the source '{plan.Source}' is not configured any more";

    private IMetricSource? SourceOf(TargetPlan plan) => sources.FirstOrDefault(s => s.Name == plan.Source);

    private async Task ApplyVerdictAsync(Upgrade upgrade, Verdict verdict, TargetHealth up, bool close, CancellationToken cancellationToken)
    {
        var health = await HealthAsync(upgrade, up, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var worthStoring = !_stored.TryGetValue(upgrade.Id, out var last) || now - last >= StoreNumbersEvery;
        if (worthStoring) _stored[upgrade.Id] = now;
        await upgrades.ApplyAsync(upgrade, change => VerdictRules.Apply(change, verdict, health, close), worthStoring || close, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(10, LogLevel.Error, "look failed target={Target} upgrade={Upgrade}")]
    private partial void LogLookFailed(Exception exception, string target, string upgrade);

    [LoggerMessage(13, LogLevel.Error, "history lost, judged without it target={Target} upgrade={Upgrade} reason=\"{Reason}\"")]
    private partial void LogHistoryLost(string target, string upgrade, string reason);

    [LoggerMessage(14, LogLevel.Warning, "history cannot be loaded yet, tried again at the next looks target={Target} upgrade={Upgrade} reason=\"{Reason}\"")]
    private partial void LogHistoryLate(string target, string upgrade, string reason);

    [LoggerMessage(11, LogLevel.Information, "planned target={Target} upgrade={Upgrade} explanation=\"{Explanation}\"")]
    private partial void LogPlanned(string target, string upgrade, string explanation);
}
