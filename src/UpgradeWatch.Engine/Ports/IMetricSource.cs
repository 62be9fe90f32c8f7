using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Ports;

/// <summary>Where a target's numbers come from: Prometheus, or the target's own metrics. Trouble is an answer, not an exception.</summary>
public interface IMetricSource
{
    /// <summary><c>prometheus</c> or <c>scrape</c>.</summary>
    string Name { get; }

    /// <summary>Whether it can be asked for steps of any multiple of the scrape interval; otherwise only for those of its plans.</summary>
    bool AnswersAnyStep => true;

    /// <summary>Looks at which series the target has and works out what to ask for.</summary>
    Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the steps from <paramref name="firstStep"/> to <paramref name="lastStep"/>, both included. Fails as a
    /// whole when the source cannot be reached or answers in part; what concerns one signal is said in that signal.
    /// </summary>
    Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the events of a signal by label values, before the upgrade and since a finding began. Fails with
    /// <see cref="SourceFailureKind.Refused"/> where there are too many combinations to be counted.
    /// </summary>
    Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken);

    /// <summary>Names of the target's metrics that have samples now, to propose when one has vanished; empty when unknown.</summary>
    Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken);
}
