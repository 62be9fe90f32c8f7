using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>What must be found, and what must not: seeds 1 to n, looked at after every step.</summary>
public class DetectionTests
{
    private static readonly Behaviour Typical = new() { MedianSeconds = 0.02, LogSpread = 0.4 };

    private static int Runs => Trial.IsFull ? 1000 : 200;

    public static TheoryData<string> Settings => ["100 requests a second, steps of 0.5 s", "50 requests a second, steps of 1 s"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Three_percent_errors_are_found(string setting) => Finds(setting, Measure.Ratio, Typical with { ErrorRatio = 0.03 });

    [Theory]
    [MemberData(nameof(Settings))]
    public void Forty_percent_more_latency_is_found(string setting) => Finds(setting, Measure.Buckets, Typical with { MedianSeconds = 0.028 });

    // About 21 slow requests in all: in one run in twenty there are too few of them to be sure.
    [Theory]
    [MemberData(nameof(Settings))]
    public void One_percent_of_requests_ten_times_slower_are_found(string setting) =>
        Finds(setting, Measure.Buckets, Typical with { SlowShare = 0.01 }, share: 0.95);

    [Theory]
    [MemberData(nameof(Settings))]
    public void Half_the_traffic_is_found(string setting) => Finds(setting, Measure.Count, Typical, load: 0.5);

    [Theory]
    [InlineData(0.005, 0.5)]
    [InlineData(0.03, 0.5)]
    [InlineData(0.055, 0.3)]
    [InlineData(0.12, 0.3)]
    [InlineData(0.2, 0.2)]
    [InlineData(0.7, 0.5)]
    public void Forty_percent_more_latency_is_found_wherever_the_buckets_lie(double median, double spread)
    {
        var before = Typical with { MedianSeconds = median, LogSpread = spread };
        var outcome = new Trial { Measure = Measure.Buckets, Before = before, After = before with { MedianSeconds = 1.4 * median } }.Run(Runs / 5);
        Assert.True(outcome.Failed >= 0.95 * outcome.Runs, outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Nothing_is_found_where_nothing_changed(string setting)
    {
        foreach (var measure in new[] { Measure.Ratio, Measure.Count, Measure.Buckets })
        {
            var outcome = Setting(setting, measure, Typical, 1).Run(Runs);
            Assert.True(outcome.Failed <= 0.01 * outcome.Runs, $"{measure}: {outcome}");
        }
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 1.5)]
    public void A_warm_up_that_takes_a_little_longer_is_no_failure(int steps, double factor)
    {
        var leak = new Trial
        {
            Measure = Measure.Buckets,
            Before = Typical,
            After = Typical,
            Leak = Typical with { MedianSeconds = factor * Typical.MedianSeconds, ErrorRatio = 0.03 },
            LeakSteps = steps,
        };
        var latency = leak.Run(Runs);
        Assert.True(latency.Failed <= 0.03 * latency.Runs, latency.ToString());
    }

    private static void Finds(string setting, Measure measure, Behaviour after, double load = 1, double share = 0.98)
    {
        var outcome = Setting(setting, measure, after, load).Run(Runs);
        Assert.True(outcome.LastFailed >= share * outcome.Runs, $"{measure}: {outcome}");
    }

    private static Trial Setting(string setting, Measure measure, Behaviour after, double load)
    {
        var isDemo = setting.StartsWith("100", StringComparison.Ordinal);
        var rate = isDemo ? 100 : 50;
        return new Trial
        {
            Measure = measure,
            StepSeconds = isDemo ? 0.5 : 1,
            BaselineSteps = isDemo ? 60 : 150,
            Before = Typical with { RequestsPerSecond = rate },
            After = after with { RequestsPerSecond = load * rate },
        };
    }
}
