using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Counts;

public class DispersionTests
{
    [Fact]
    public void Contrasts_of_neighbours_as_computed_by_hand()
    {
        // Ten steps of 5 and 15: each pair is off by 5 where 20 / 4 = 5 are to be expected, squared over expected 5.
        double[] events = [5, 15, 5, 15, 5, 15, 5, 15, 5, 15];
        var contrasts = BlockContrasts.Of(events, Ones(10), 1)!.Value;
        Assert.Equal(5, contrasts.MeanSquare, 10);
        Assert.Equal(10, contrasts.EventsPerStep, 10);
    }

    [Fact]
    public void Independent_events_of_any_number_are_seen_as_such()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            foreach (var mean in new[] { 0.1, 5, 5e5 })
            {
                var draw = new Draw(seed);
                double[] events = [.. Enumerable.Range(0, 240).Select(_ => (double)draw.Poisson(mean))];
                Assert.InRange(Dispersion.Estimate(events, Ones(240), NoisePrior.Errors).Mean, 1, 3);
            }
        }
    }

    [Fact]
    public void A_constant_load_is_not_called_less_than_independent()
    {
        var dispersion = Dispersion.Estimate([.. Enumerable.Repeat(50.0, 240)], Ones(240), NoisePrior.Errors);
        Assert.All(dispersion.Factors, factor => Assert.True(factor >= 1));
        Assert.InRange(dispersion.Mean, 1, 1.1);
    }

    [Fact]
    public void Too_few_events_to_see_any_dispersion_leave_it_at_one()
    {
        Assert.InRange(Dispersion.Estimate([0, 0, 1, 0, 0, 0, 0, 1], Ones(8), NoisePrior.Errors).Mean, 1, 2);
        Assert.Equal(1, Dispersion.Estimate([], [], NoisePrior.Errors).Mean);
        Assert.Equal(1, Dispersion.Estimate([0, 0], [0, 0], NoisePrior.Errors).Mean);
        Assert.Equal(1, Dispersion.Estimate(new double[240], Ones(240), NoisePrior.Errors).Mean);
    }

    [Fact]
    public void Slow_swings_show_in_long_blocks()
    {
        var draw = new Draw(7);
        double[] swinging = [.. Enumerable.Range(0, 800).Select(i => (double)draw.Poisson(i / 40 % 2 == 0 ? 80 : 120))];
        Assert.InRange(Dispersion.Estimate(swinging, Ones(800), NoisePrior.Errors).Mean, 30, 400);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(100)]
    public void A_day_of_history_tells_what_an_hour_leaves_open(double errorsPerStep)
    {
        var overdispersed = Setting(errorsPerStep, noise: 0.5);
        var steady = Setting(errorsPerStep, noise: 0);

        // The truth for AR(.9) log-noise of sd .5: 1 + 5.6 times the errors of a step.
        var truth = 1 + 5.6 * errorsPerStep * 1.13;
        Assert.InRange(overdispersed.With, 0.45 * truth, 2.5 * truth);
        Assert.InRange(steady.With, 1, 2);
    }

    [Fact]
    public void A_daily_rhythm_does_not_pass_for_noise()
    {
        // Half as many errors at one time of day and three times as many at another: against the mean of all, the
        // variance of an hour would be 30,000 times that of independent errors.
        var rhythm = Setting(1000, noise: 0, swing: 0.5);
        Assert.InRange(rhythm.With, 1, 3000);
    }

    [Fact]
    public void The_same_durations_are_compared_whatever_the_steps_of_the_history()
    {
        var (baseline, minutes) = Series(20, 0.5, 0, seed: 3);
        var events = baseline.Select(step => step.Value).ToArray();
        var exposures = baseline.Select(step => step.Total).ToArray();
        var five = new EventSeries(300, Added(minutes.Events, 5), Added(minutes.Exposures, 5));
        var byMinute = Dispersion.Estimate(events, exposures, NoisePrior.Errors, 15, minutes).Mean;
        Assert.InRange(Dispersion.Estimate(events, exposures, NoisePrior.Errors, 15, five).Mean, 0.8 * byMinute, 1.25 * byMinute);
    }

    private static (double With, double Without) Setting(double errorsPerStep, double noise, double swing = 0)
    {
        var (baseline, minutes) = Series(errorsPerStep, noise, swing, seed: 11);
        var events = baseline.Select(step => step.Value).ToArray();
        var exposures = baseline.Select(step => step.Total).ToArray();
        return (Dispersion.Estimate(events, exposures, NoisePrior.Errors, 15, minutes).Mean, Dispersion.Estimate(events, exposures, NoisePrior.Errors, 15).Mean);
    }

    private static (Analysis.Series.StepSample[] Baseline, EventSeries Minutes) Series(double errorsPerStep, double noise, double swing, int seed)
    {
        var trial = new Trial
        {
            Measure = Analysis.Findings.Measure.Ratio,
            StepSeconds = 15,
            HistorySteps = 5760,
            BaselineSteps = 240,
            ObservedSteps = 1,
            Before = new Behaviour { RequestsPerSecond = errorsPerStep / 0.01 / 15, ErrorRatio = 0.01, ErrorNoise = noise, ErrorSwing = swing, ErrorConcentration = 1e9 },
        };
        var (history, baseline, _) = trial.Draw(seed);
        return (baseline, history!.Events!);
    }

    private static float[] Added(float[] values, int count) => [.. values.Chunk(count).Select(chunk => chunk.Sum())];

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
