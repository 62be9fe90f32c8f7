using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>An hour before and an hour after in steps of 15 s, nothing changed, looked at after every step; the level is 1 %.</summary>
public class FalseAlarmTests
{
    private static int Runs => Trial.IsFull ? 2000 : 300;

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(1, 0.05)]
    [InlineData(10, 0.001)]
    [InlineData(100, 0.001)]
    [InlineData(100, 0.05)]
    [InlineData(10_000, 0.0001)]
    public void Binomial_errors(double requestsPerStep, double ratio) => Quiet(Measure.Ratio, new Behaviour
    {
        RequestsPerSecond = requestsPerStep / 15,
        ErrorRatio = ratio,
    });

    [Theory]
    [InlineData(1, 0)]
    [InlineData(100, 0)]
    [InlineData(100, 0.1)]
    [InlineData(1000, 0.2)]
    public void Traffic_that_varies_by_itself(double requestsPerStep, double noise) => Quiet(Measure.Count, new Behaviour
    {
        RequestsPerSecond = requestsPerStep / 15,
        LoadNoise = noise,
    });

    [Fact]
    public void Traffic_that_never_varies() => Quiet(Measure.Count, new Behaviour { IsPoisson = false });

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public void Log_normal_latencies(double requestsPerStep) => Quiet(Measure.Buckets, new Behaviour { RequestsPerSecond = requestsPerStep / 15 });

    private static void Quiet(Measure measure, Behaviour service)
    {
        var outcome = new Trial
        {
            Measure = measure,
            StepSeconds = 15,
            BaselineSteps = 240,
            ObservedSteps = 240,
            Alpha = 0.01,
            Before = service,
            After = service,
        }.Run(Runs);
        Assert.True(outcome.Failed <= 0.01 * outcome.Runs, outcome.ToString());
    }
}
