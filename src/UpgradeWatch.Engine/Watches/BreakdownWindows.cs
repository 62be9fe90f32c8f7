using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Watches;

/// <summary>What has to be asked to say where a finding is: which steps, and for latencies above which bound.</summary>
internal static class BreakdownWindows
{
    private const double LongestBeforeSeconds = 3600;

    // What is so long ago is no longer what anybody looks for, and every hour costs the source.
    private const double LongestSinceSeconds = 1800;

    /// <summary>The request; null for an SLI whose events cannot be counted by label, or where there is nothing to count.</summary>
    /// <param name="plan">The target's plan.</param>
    /// <param name="sli">The SLI.</param>
    /// <param name="finding">Its finding.</param>
    /// <param name="window">The baseline's window.</param>
    /// <param name="last">The newest step.</param>
    /// <param name="labels">The labels.</param>
    public static BreakdownRequest? Of(
        TargetPlan plan, SliDefinition sli, SliFinding finding, BaselineWindow window, long last, IReadOnlyList<string> labels)
    {
        if (sli.Part == SignalPart.Gauge || finding.Since is not { } since || labels.Count == 0) return null;
        var first = Math.Max(plan.StepAt(since) + 1, last - Steps(plan, LongestSinceSeconds) + 1);
        var (beforeFirst, beforeLast) = Before(plan, window);
        if (first > last) return null;
        return new BreakdownRequest
        {
            Signal = sli.Signal,
            Part = sli.Part == SignalPart.Quantile ? SignalPart.Distribution : sli.Part,
            Labels = labels,
            BeforeFirst = beforeFirst,
            BeforeLast = beforeLast,
            SinceFirst = first,
            SinceLast = last,
        };
    }

    /// <summary>The bound above which most requests are too many; null where there is none.</summary>
    /// <param name="sli">The SLI.</param>
    /// <param name="bounds">The bounds that are judged.</param>
    /// <param name="baseline">The steps before.</param>
    /// <param name="blocks">The steps after.</param>
    /// <param name="request">Which of them count.</param>
    public static double? Bound(
        SliDefinition sli, IReadOnlyList<double> bounds, StepBlock baseline, IReadOnlyList<StepBlock> blocks, BreakdownRequest request) =>
        ExceededBound.Find(
            bounds,
            Sum(sli, bounds, [baseline], request.BeforeFirst, request.BeforeLast),
            Sum(sli, bounds, blocks, request.SinceFirst, request.SinceLast));

    private static double[] Sum(SliDefinition sli, IReadOnlyList<double> bounds, IReadOnlyList<StepBlock> blocks, long first, long last)
    {
        var whole = sli with { Part = SignalPart.Distribution };
        var sums = new double[bounds.Count];
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Count; i++)
            {
                if (block.FirstStep + i < first || block.FirstStep + i > last) continue;
                if (SliReader.Sample(whole, block, i, default, bounds).Buckets is not { } counts) continue;
                for (var bound = 0; bound < sums.Length; bound++) sums[bound] += counts[bound];
            }
        }

        return sums;
    }

    // The newest stretch before the upgrade without time that is cut out: a window of the source has no holes.
    private static (long First, long Last) Before(TargetPlan plan, BaselineWindow window)
    {
        var last = window.LastStep;
        while (last > window.FirstStep && window.IsExcluded(plan, last)) last--;
        var first = last;
        var oldest = Math.Max(window.FirstStep, last - Steps(plan, LongestBeforeSeconds) + 1);
        while (first > oldest && !window.IsExcluded(plan, first - 1)) first--;
        return (first, last);
    }

    private static long Steps(TargetPlan plan, double seconds) => Math.Max(1, (long)(seconds / plan.StepSeconds));
}
