using UpgradeWatch.Analysis.Offline.Scoring;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>95 % intervals: pairs are drawn with replacement, both cases of a pair together (percentiles, seed 1).</summary>
internal static class Bootstrap
{
    private const int Draws = 1000;

    /// <summary>The interval of one number of the detection.</summary>
    public static (double Lower, double Upper) Interval(IReadOnlyList<(ScoredCase Case, int Pair)> cases, Func<Detection, double> number)
    {
        ScoredCase[][] pairs = [.. cases.GroupBy(entry => entry.Pair).Select(group => group.Select(entry => entry.Case).ToArray())];
        var draw = new Draw(1);
        var values = new List<double>(Draws);
        for (var i = 0; i < Draws; i++)
        {
            ScoredCase[] drawn = [.. Enumerable.Range(0, pairs.Length).SelectMany(_ => pairs[(int)(draw.Uniform() * pairs.Length)])];
            var value = number(Detection.Of(drawn));
            if (double.IsFinite(value)) values.Add(value);
        }

        values.Sort();
        return values.Count == 0 ? (double.NaN, double.NaN) : (values[(int)(0.025 * values.Count)], values[(int)(0.975 * (values.Count - 1))]);
    }
}
