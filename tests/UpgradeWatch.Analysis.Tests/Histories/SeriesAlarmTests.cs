using UpgradeWatch.Analysis.Tests.Simulation;
using Xunit.Abstractions;
using static UpgradeWatch.Analysis.Tests.Histories.Course;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>Simulated series of many kinds, each from its seed: how often the judge cries wolf, and how often it sees one.</summary>
public class SeriesAlarmTests(ITestOutputHelper output)
{
    private const double Alpha = 0.01;
    private const int Observed = 120;

    private static readonly int Runs = Trial.IsFull ? 150 : 30;
    private static readonly int HistoryMinutes = Trial.IsFull ? 3 * Day : Day;

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    private static Dictionary<string, Func<Draw, Func<int, double>>> Makers { get; } = new()
    {
        ["white"] = draw => _ => 100 + draw.Normal(),
        ["sluggish"] = draw =>
        {
            var next = Memory(draw, 0.9);
            return _ => 100 + next();
        },
        ["random walk"] = draw =>
        {
            var now = 1000.0;
            return _ => now += draw.Normal();
        },
        ["daily"] = draw =>
        {
            var next = Memory(draw, 0.9);
            return t => 100 + 50 * Math.Sin(2 * Math.PI * t / Day) + 3 * next();
        },
        ["heavy tails"] = draw => _ => 100 + Student(draw),
        ["noise that grows with the level"] = draw =>
        {
            var next = Memory(draw, 0.9);
            return t => (100 + 60 * Math.Sin(2 * Math.PI * t / Day)) * (1 + 0.05 * next());
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_good_upgrade_is_hardly_ever_flagged(string kind)
    {
        var flagged = Enumerable.Range(1, Runs).Count(seed => Make(kind, seed, 0).Follow(Observed).Chance < Alpha);
        output.WriteLine($"{kind}: {flagged} of {Runs} flagged, seeds 1 to {Runs}");
        Assert.True(flagged <= MostByChance(Runs, kind == "heavy tails" ? 2 * Alpha : Alpha), $"{flagged} of {Runs}");
    }

    [Theory]
    [InlineData("white", 4)]
    [InlineData("heavy tails", 6)]
    [InlineData("sluggish", 7)]
    public void A_step_of_some_robust_standard_deviations_is_found_within_15_minutes(string kind, double size)
    {
        var found = Enumerable.Range(1, Runs).Count(seed =>
        {
            var watch = Make(kind, seed, size).Watch().Until(20);
            return watch.FailedAfter is > 5 and <= 20;
        });
        output.WriteLine($"{kind}: {found} of {Runs} found, seeds 1 to {Runs}");
        Assert.True(found >= 0.9 * Runs, $"{found} of {Runs}");
    }

    /// <param name="kind">What it is like.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="step">By how many robust standard deviations of the history it rises 5 min after the upgrade.</param>
    private static Course Make(string kind, int seed, double step)
    {
        var next = Makers[kind](new Draw(1000 + seed));
        double[] values = [.. Enumerable.Range(0, HistoryMinutes + Observed).Select(next)];
        var size = step == 0 ? 0 : step * RobustDeviation(values[..HistoryMinutes]);
        return new Course { HistoryMinutes = HistoryMinutes, Value = k => values[k + HistoryMinutes] + (k >= 5 ? size : 0) };
    }

    private static double RobustDeviation(double[] values) => UpgradeWatch.Analysis.Numerics.Robust.MadN(values, UpgradeWatch.Analysis.Numerics.Robust.Median(values));

    private static Func<double> Memory(Draw draw, double memory)
    {
        var now = 0.0;
        return () => now = memory * now + Math.Sqrt(1 - memory * memory) * draw.Normal();
    }

    /// <summary>Student's t with 3 degrees of freedom.</summary>
    private static double Student(Draw draw) => draw.Normal() / Math.Sqrt(draw.Gamma(1.5) / 1.5);

    /// <summary>The most of so many runs that a level gives in all but one of a thousand cases.</summary>
    private static int MostByChance(int runs, double level)
    {
        double term = Math.Pow(1 - level, runs), sum = term;
        var most = 0;
        while (sum < 0.999)
        {
            term *= (runs - most) / (most + 1.0) * level / (1 - level);
            sum += term;
            most++;
        }

        return most;
    }
}
