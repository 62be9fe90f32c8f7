using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>The judge as a rival among others: how many steps it takes to fail.</summary>
internal static class FirstFail
{
    /// <summary>The number of steps until it fails for the first time; null for never.</summary>
    public static int? Of(SliSpec spec, SliHistory? history, StepSample[] before, StepSample[] after)
    {
        var judge = SliJudge.Make(spec, before, isSmall: false, history);
        for (var i = 0; i < after.Length; i++)
        {
            judge.Add(after[i]);
            if (judge.Failure.Stands)
                return i + 1;
        }

        return null;
    }

    /// <summary>The median where at least half of the runs have a value; runs without one are later than all others.</summary>
    public static int? Median(int?[] steps)
    {
        int[] known = [.. steps.OfType<int>().Order()];
        return 2 * known.Length > steps.Length ? known[steps.Length / 2] : null;
    }
}
