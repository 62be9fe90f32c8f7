using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>Log-normal latencies, an hour before and an hour after in steps of 15 s, looked at after every step.</summary>
public class LatencyTests
{
    private const int FifteenMinutes = 60;
    private const int TwentyMinutes = 80;

    private static int Runs => Trial.IsFull ? 400 : 60;

    [Theory]
    [InlineData(30, 0)]
    [InlineData(30, 0.08)]
    [InlineData(1000, 0)]
    [InlineData(1000, 0.08)]
    public void A_load_curve_and_noise_are_no_failure(double requests, double noise)
    {
        var service = Service(requests, noise) with { LoadSwing = 0.6 };
        Holds(Upgrade(service, service), most: 0.01);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(1000)]
    public void A_fifth_slower_is_found_within_15_minutes_where_requests_are_independent(double requests)
    {
        var outcome = Upgrade(Service(requests, 0), Service(requests, 0) with { MedianSeconds = 0.036 }).Run(Runs);
        Assert.True(outcome.FailedBy(FifteenMinutes) >= 0.9 * Runs, outcome.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.08)]
    public void A_slow_percent_of_30_requests_a_step_is_found_within_20_minutes(double noise)
    {
        var outcome = Upgrade(Service(30, noise), Service(30, noise) with { SlowShare = 0.01 }).Run(Runs);
        Assert.True(outcome.FailedBy(TwentyMinutes) >= 0.8 * Runs, outcome.ToString());
    }

    [Theory]
    [InlineData(30)]
    [InlineData(1000)]
    public void Half_of_what_is_tolerated_passes(double requests) =>
        Holds(Upgrade(Service(requests, 0), Service(requests, 0) with { MedianSeconds = 1.05 * 0.03 }), most: 0.03);

    [Theory]
    [InlineData(30)]
    [InlineData(1000)]
    public void What_grows_with_the_time_of_day_passes_and_a_fifth_slower_on_the_falling_slope_fails(double requests)
    {
        var service = Service(requests, 0) with { LatencySwing = 0.4 };
        Holds(Upgrade(service, service) with { KnowsTheRhythm = true }, most: 0.01);
        var worse = (Upgrade(service, service with { MedianSeconds = 0.036 }) with { KnowsTheRhythm = true }).Run(Runs);
        Assert.True(worse.Failed >= 0.95 * Runs, worse.ToString());
    }

    private static void Holds(Trial trial, double most)
    {
        // At a rate of 1 % more than 3 of 60 come in 1 of 360 tests.
        var outcome = trial.Run(Runs);
        Assert.True(outcome.Failed <= Math.Max(3, 2 * most * Runs), outcome.ToString());
    }

    private static Behaviour Service(double requests, double noise) => new() { RequestsPerSecond = requests / 15, LatencyNoise = noise, MedianSeconds = 0.03 };

    private static Trial Upgrade(Behaviour before, Behaviour after) => new()
    {
        Measure = Measure.Buckets,
        StepSeconds = 15,
        BaselineSteps = 240,
        ObservedSteps = 240,
        Alpha = 0.01,
        Before = before,
        After = after,
    };
}
