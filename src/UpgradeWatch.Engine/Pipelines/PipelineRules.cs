using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Pipelines;

/// <summary>Which upgrade a tool speaks of, and what becomes of it. Pure functions.</summary>
internal static class PipelineRules
{
    /// <summary>What follows from a step.</summary>
    /// <param name="step">What the tool says.</param>
    /// <param name="current">The upgrades that are open or the newest of their target.</param>
    /// <param name="earlier">The target's last upgrades, newest first; empty unless the step looks back.</param>
    public static PipelineDecision Decide(PipelineStep step, IReadOnlyCollection<Upgrade> current, IReadOnlyList<Upgrade> earlier)
    {
        if (Newest(current.Where(upgrade => IsOf(upgrade, step.Change))) is { } known) return OfKnown(step, known);
        Upgrade[] own = [.. current.Where(upgrade => upgrade.Target == step.Target)];
        var open = own.FirstOrDefault(upgrade => upgrade.IsOpen);
        if (step.Adopts && open is not null && AwaitsName(open, step.Change)) return new(PipelineAction.Adopt, open) { To = step.Phase };
        var isLate = step.LooksBack && open is not null && step.Since < open.History[0].At;
        if (step.LooksBack && !isLate && (open ?? Newest(own)) is { } last && GoesBack(step, last, earlier)) return new(PipelineAction.Move, last) { To = step.Phase == Phase.Upgrading ? Phase.RollingBack : Phase.RolledBack };
        if (isLate && IsOfSame(open!, step.Change)) return earlier.FirstOrDefault(upgrade => IsOf(upgrade, step.Change)) is { } old ? new(PipelineAction.Move, old) : new(NotKnown(step));
        if (Earlier(step, open, earlier) is { } before) return new(PipelineAction.Move, before);
        return open is null || step.Supersede || !step.Adopts || IsOfSame(open, step.Change) ? OpenOr(step) : OfOther(step, open);
    }

    /// <summary>Whether an upgrade is known by a change.</summary>
    public static bool IsOf(Upgrade upgrade, PipelineChange change) => NameIn(upgrade, change) is not null;

    /// <summary>An upgrade that is known by a tool's name from now on, and has its version where there was none yet.</summary>
    public static Upgrade Named(Upgrade upgrade, PipelineChange change)
    {
        var stoodIn = AwaitsName(upgrade, change)
            && upgrade.Pipelines!.Any(name => name.IsNext && name.VersionOrRevision == upgrade.ToVersion && (name.Version is null || change.Version is not null));
        return upgrade with { Pipelines = [.. upgrade.Pipelines ?? [], change], ToVersion = stoodIn ? change.VersionOrRevision : upgrade.ToVersion };
    }

    /// <summary>Whether an upgrade has come as far already: the same call again, or one that was overtaken by the next.</summary>
    public static bool HasPassed(Upgrade upgrade, Phase phase) =>
        upgrade.History.Any(entry => entry.Phase == phase || (phase < entry.Phase && entry.Phase <= Phase.PostUpgrade))
        || (phase is Phase.RollingBack or Phase.RolledBack && upgrade is { Phase: Phase.Aborted, UpgradedAt: null });

    /// <summary>The moves that lead an upgrade to a phase; empty when none do. What was never rolled out is given up, not rolled back.</summary>
    public static IReadOnlyList<Phase> Way(Upgrade upgrade, Phase phase) => (upgrade.Phase, phase) switch
    {
        (Phase.PreUpgrade, Phase.RollingBack or Phase.RolledBack) => [Phase.Aborted],
        _ => PhaseMachine.PathTo(upgrade.Phase, phase),
    };

    /// <summary>The upgrade to open for a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="newest">The target's newest upgrade; null when it never had one.</param>
    /// <param name="seen">What its workloads run, where it never had one and they are watched.</param>
    /// <param name="enforce">Whether the checklist can hold it up.</param>
    public static BeginCommand Begin(PipelineStep step, Upgrade? newest, IReadOnlyList<SeenRollout> seen, bool enforce) => new()
    {
        Target = step.Target,
        ToVersion = VersionOf(step),
        FromVersion = step.FromVersion ?? RunningAfter(newest) ?? RunningIn(seen, step),
        Phase = enforce && !step.HasHappened ? Phase.PreUpgrade : step.Phase!.Value,
        At = step.At,
        Owner = step.Owner,
        ObservationWindowSeconds = step.ObservationWindowSeconds,
        Supersede = true,
        By = step.By,
        Pipeline = step.Change,
    };

    /// <summary>A move of an upgrade that a step asks for. What has happened has happened after what was told before it.</summary>
    public static AdvanceCommand Advance(PipelineStep step, Upgrade upgrade, Phase phase) => new()
    {
        Phase = phase,
        At = step.HasHappened && step.At < upgrade.History[^1].At ? upgrade.History[^1].At : step.At,
        Reason = step.Reason ?? step.Change.ToString(),
        Force = step.HasHappened,
        By = step.By,
    };

    private static PipelineDecision OfKnown(PipelineStep step, Upgrade known)
    {
        if (known.Target != step.Target)
            return Refuse("target", $"{step.Change} is an upgrade of another target; it cannot be one of '{step.Target}' too");
        var version = step.Change.Version;
        var told = NameIn(known, step.Change)!.Version;
        var isOther = version is not null && told is not null && version != told;

        // While it waits, what comes after a revision can become another; once it was given up it can be tried again.
        var isReplaced = known.IsOpen ? isOther && HasNoName(known, step.Change) : isOther || known.Phase != Phase.Completed;
        if (step.Change.IsNext && isReplaced) return OpenOr(step);
        if (isOther) return Refuse("toVersion", $"{step.Change} stands for version '{told}' (upgrade {known.Id}); it cannot stand for '{version}' too");
        var isTriedAgain = TriesAgain(step) && known is { Phase: Phase.RolledBack or Phase.Aborted };
        return isTriedAgain ? new(PipelineAction.Open, null) : new(PipelineAction.Move, known) { To = step.Phase };
    }

    // An upgrade that a person, Kubernetes or another tool has opened.
    private static PipelineDecision OfOther(PipelineStep step, Upgrade open)
    {
        // Who only asks takes nothing over.
        if (step.Phase is null) return new(NotKnown(step));
        var version = step.Change.Version;
        var adopted = new PipelineDecision(PipelineAction.Adopt, open) { To = step.Phase };
        if (VersionText.AreSame(version, open.ToVersion)) return adopted;
        var isUnderWay = open.Phase is Phase.PreUpgrade or Phase.Upgrading;

        // Nobody but a person means a version by its name: what is seen, or told by a tool, to be happening now is this, whatever it is called there.
        // So is what was seen to begin after the tool had, however late it tells.
        if ((IsAutomatic(open) && isUnderWay) || (IsSeen(open.History[0]) && step.Since <= open.History[0].At)) return adopted;
        var begins = step.Phase is Phase.PreUpgrade or Phase.Upgrading;
        if (begins && (IsAutomatic(open) || (open.Phase == Phase.RollingBack && version is null))) return OpenOr(step);
        var isOther = !isUnderWay && PhaseMachine.Beginnings.Contains(step.Phase.Value);
        return version is not null || isOther ? new(BeginRules.AlreadyOpen(open)) : adopted;
    }

    private static bool IsAutomatic(Upgrade upgrade) => upgrade.Pipelines is { Count: > 0 } || IsSeen(upgrade.History[0]);

    private static bool IsSeen(PhaseEntry entry) => entry.By is RolloutRules.KubernetesName or RolloutRules.MetricName;

    private static bool AwaitsName(Upgrade upgrade, PipelineChange change) => !change.IsNext && HasNoName(upgrade, change);

    // Begun as the one after a revision, and not known by its own name yet.
    private static bool HasNoName(Upgrade upgrade, PipelineChange change)
    {
        PipelineChange[] names = [.. (upgrade.Pipelines ?? []).Where(change.IsOfSame)];
        return names.Length > 0 && names.All(name => name.IsNext);
    }

    private static bool IsOfSame(Upgrade upgrade, PipelineChange change) => (upgrade.Pipelines ?? []).Any(change.IsOfSame);

    private static PipelineDecision OpenOr(PipelineStep step) =>
        step.Opening != PipelineOpening.Never && step.Phase is { } phase && PhaseMachine.Beginnings.Contains(phase)
            ? new(PipelineAction.Open, null)
            : new(NotKnown(step));

    private static Refusal NotKnown(PipelineStep step) => new(
        RefusalKind.NotFound, $"no upgrade of target '{step.Target}' is known as {step.Change}; it begins with {string.Join(", ", PhaseMachine.Beginnings.Select(one => one.ToText()))}");

    // What runs is synced again, or somebody repeats himself. Tried once more after something else has run, it is new, and
    // one that was closed because the same was seen by another goes on in that one's.
    private static Upgrade? Earlier(PipelineStep step, Upgrade? open, IReadOnlyList<Upgrade> earlier)
    {
        if (earlier.FirstOrDefault(upgrade => IsOf(upgrade, step.Change)) is not { } known) return null;
        if (known.Phase == Phase.Aborted && open is not null && !IsOfSame(open, step.Change)) return null;
        var runs = known.Phase == Phase.Completed && earlier.FirstOrDefault(upgrade => !upgrade.IsOpen) == known;
        if (runs || step.Opening != PipelineOpening.Again) return known;

        // What has been superseded and still waits for its verdict does not supersede in turn: only a new beginning does.
        return TriesAgain(step) || (known.Phase == Phase.Completed && open is null) ? null : known;
    }

    // What is rolled out is what ran before: nobody upgrades to that. Seen in the cluster to go back already, or to have gone
    // back since the tool began, it is that, whatever it is called; only told to go back, it may as well be the next attempt, which nobody has looked at.
    private static bool GoesBack(PipelineStep step, Upgrade last, IReadOnlyList<Upgrade> earlier)
    {
        if (step.Phase is not (Phase.Upgrading or Phase.PostUpgrade) || last.Phase is Phase.PreUpgrade or Phase.Aborted) return false;
        var isSeen = last.Phase == Phase.RollingBack || (last.Phase == Phase.RolledBack && step.Since <= last.History[^1].At);
        if (isSeen && step.Change.Version is null && IsSeen(last.History[^1])) return true;

        // Without a time it may be the old version's own pipeline, which still waits for its verdict.
        var begins = step.Phase == Phase.Upgrading || step.Since is not null || last.Phase is Phase.RollingBack or Phase.RolledBack;
        if (!begins && earlier.Any(upgrade => IsOf(upgrade, step.Change))) return false;
        var version = VersionOf(step);
        var ran = last.Phase != Phase.Completed ? earlier.FirstOrDefault(upgrade => upgrade.Phase == Phase.Completed) : null;
        var isRan = ran is not null && (VersionText.AreSame(ran.ToVersion, version) || IsOf(ran, step.Change));
        return !VersionText.AreSame(last.ToVersion, version) && (VersionText.AreSame(last.FromVersion, version) || isRan);
    }

    private static bool TriesAgain(PipelineStep step) => step is { Opening: PipelineOpening.Again, Phase: Phase.PreUpgrade or Phase.Upgrading };

    private static string? RunningAfter(Upgrade? newest) => newest?.Phase switch
    {
        Phase.Completed => newest.ToVersion,
        Phase.RolledBack => newest.FromVersion,
        _ => null,
    };

    // Nothing was ever upgraded since they are watched: what they run is what is upgraded from.
    private static string? RunningIn(IReadOnlyList<SeenRollout> seen, PipelineStep step)
    {
        string[] versions = [.. seen.Select(one => one.Template.Version).Distinct()];
        return versions.Length == 1 && !VersionText.AreSame(versions[0], VersionOf(step)) ? versions[0] : null;
    }

    private static string VersionOf(PipelineStep step) => step.Change.VersionOrRevision;

    private static PipelineChange? NameIn(Upgrade upgrade, PipelineChange change) => (upgrade.Pipelines ?? []).FirstOrDefault(change.IsSameAs);

    private static Upgrade? Newest(IEnumerable<Upgrade> upgrades) => upgrades.MaxBy(upgrade => upgrade.Id, StringComparer.Ordinal);

    private static PipelineDecision Refuse(string field, string detail) => new(new Refusal(RefusalKind.Conflict, detail) { Field = field });
}
