using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>How steps of any length become minutes.</summary>
public sealed class MinuteTests
{
    [Theory]
    [InlineData(15, 60)]
    [InlineData(60, 60)]
    [InlineData(45, 90)]
    [InlineData(7, 63)]
    [InlineData(120, 120)]
    [InlineData(0.5, 60)]
    public void History_is_asked_for_in_the_least_multiple_of_the_scrape_interval_that_is_a_minute(double interval, double step)
    {
        Assert.Equal(step, PlanOf(interval).Plan.StepSeconds, 9);
        Assert.Equal(15, new HistoryPlan(TargetPlanOf(15), answersAnyStep: false).Plan.StepSeconds);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(45)]
    [InlineData(7)]
    [InlineData(130)]
    public void Chunks_that_follow_each_other_have_every_step_once(double interval)
    {
        var plan = PlanOf(interval);
        var steps = new List<long>();
        foreach (var (first, end) in new[] { (29_000_000L, 29_000_007L), (29_000_007, 29_000_008), (29_000_008, 29_000_100) })
        {
            if (plan.StepsOf(first, end) is not { } part) continue;
            for (var step = part.First; step <= part.Last; step++)
            {
                Assert.InRange(HistoryPlan.MinuteOf(step, plan.Plan.StepSeconds), first, end - 1);
                steps.Add(step);
            }
        }

        Assert.Equal(Enumerable.Range(0, steps.Count).Select(i => steps[0] + i), steps);
        Assert.Equal((int)Math.Floor(6000 / plan.Plan.StepSeconds), steps.Count, 1.0);
    }

    [Fact]
    public void A_minute_adds_events_averages_gauges_and_is_a_gap_with_less_than_half_of_its_steps()
    {
        var gap = double.NaN;
        var block = new StepBlock
        {
            StepSeconds = 15,
            FirstStep = 41,
            Count = 12,
            Up = new int[12],
            Down = new int[12],
            Started = new bool[12],
            Samples = 12,
            Signals = new Dictionary<string, SignalSteps>
            {
                ["requests"] = new() { All = [1, 2, 3, 4, 10, gap, gap, 20, 5, gap, gap, gap], Bounds = [double.PositiveInfinity], Buckets = [[1, 2, 3, 4, 10, gap, gap, 20, 5, gap, gap, gap]] },
                ["level"] = new() { Values = [1, 2, 3, 6, 1, gap, gap, 3, 5, gap, gap, gap] },
            },
        };

        var minutes = MinuteBlocks.Of(block);

        Assert.Equal((11, 3, 60), (minutes.FirstStep, minutes.Count, minutes.StepSeconds));
        Assert.Equal([10, 30, gap], minutes.Signals["requests"].All!);
        Assert.Equal([10, 30, gap], minutes.Signals["requests"].Buckets![0]);
        Assert.Equal([3, 2, gap], minutes.Signals["level"].Values!);
    }

    [Theory]
    [InlineData(45)]
    [InlineData(25)]
    [InlineData(15)]
    [InlineData(7)]
    public void Traffic_is_the_same_whatever_the_length_of_the_steps(double seconds)
    {
        // 12 requests a second.
        var minutes = TrafficOf(seconds, [.. Enumerable.Range(0, 120).Select(_ => 12 * seconds)]);

        Assert.InRange(minutes.Length, (int)(120 * seconds / 60) - 1, (int)(120 * seconds / 60) + 1);
        Assert.All(minutes[1..^1], value => Assert.Equal(12, value, 0.001));
    }

    [Fact]
    public void Traffic_is_that_of_the_steps_with_samples_and_not_that_of_a_gap_that_a_counter_went_on_in()
    {
        const double gap = double.NaN;

        var minutes = TrafficOf(15, [180, 180, 180, 180, 180, 180, gap, gap, 540, 180, 180, 180, 180, gap, gap, 540, 180, gap, gap, gap]);

        Assert.Equal([12f, 12, 12, 12, float.NaN], minutes);
    }

    [Fact]
    public void Of_a_ratio_all_events_count_whenever_they_were_seen()
    {
        const double gap = double.NaN;
        var block = BlockOf(15, [180, 180, gap, 360]);

        var minutes = SliMinutes.Read(SliOf(SignalPart.Errors), MinuteBlocks.Of(block), 11, 12);

        Assert.Equal((720f, 7.2f), (minutes.Exposures.Single(), minutes.Events.Single()));
    }

    private static float[] TrafficOf(double seconds, double[] events)
    {
        var minutes = MinuteBlocks.Of(BlockOf(seconds, events));
        return SliMinutes.Read(SliOf(SignalPart.Traffic), minutes, minutes.FirstStep, minutes.FirstStep + minutes.Count).Values;
    }

    private static StepBlock BlockOf(double seconds, double[] events) => new()
    {
        StepSeconds = seconds,
        FirstStep = 41,
        Count = events.Length,
        Up = new int[events.Length],
        Down = new int[events.Length],
        Started = new bool[events.Length],
        Samples = events.Length,
        Signals = new Dictionary<string, SignalSteps> { ["requests"] = new() { All = events, Bad = [.. events.Select(seen => seen / 100)] } },
    };

    private static SliDefinition SliOf(SignalPart part) => new()
    {
        Name = "of-requests",
        Kind = part == SignalPart.Errors ? SliKind.Ratio : SliKind.Gauge,
        Signal = "requests",
        Part = part,
        Unit = "",
        Direction = Direction.Down,
        Tolerance = new Tolerance(0.3, null),
        Critical = true,
    };

    private static HistoryPlan PlanOf(double interval) => new(TargetPlanOf(interval), answersAnyStep: true);

    private static TargetPlan TargetPlanOf(double interval) => new()
    {
        Target = "shop",
        Source = "prometheus",
        Profile = "custom",
        Explanation = "",
        StepSeconds = interval,
        ScrapeIntervalSeconds = interval,
        DelaySeconds = 2,
        Signals = [new SignalDefinition { Name = "requests" }],
        Slis = [],
    };
}
