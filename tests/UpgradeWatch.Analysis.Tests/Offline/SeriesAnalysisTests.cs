using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Offline;

public class SeriesAnalysisTests
{
    private const double ChangeAt = 1_700_000_040;

    public static TheoryData<string, double[], double[], FindingStatus, string> Reported => new()
    {
        { "ten times, mostly", [.. Enumerable.Repeat(100.0, 7), 1, 1, 1], [.. Enumerable.Repeat(1.0, 10)], FindingStatus.Fail, FindingCodes.Level },
        { "a few among zeros", [0, 1, 2, 1, 0, 0], [0, 0, 0, 0, 0, 0], FindingStatus.Inconclusive, FindingCodes.TooLittleData },
        { "all above zeros", [1, 4, 2, 3, 1], [0, 0, 0, 0, 0], FindingStatus.Fail, FindingCodes.Level },
        {
            "a swing that stopped",
            [10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 17.0, 17.1, 17.2, 17.3, 17.4, 17.5, 17.6, 17.7],
            [1, 100, 4, 101, 5, 102, 6, 103, 7, 104, 8, 105, 9, 106, 17],
            FindingStatus.Warn,
            FindingCodes.Variability
        },
        { "nothing after", [], [1, 2, 3], FindingStatus.Inconclusive, FindingCodes.TooLittleData },
        { "nothing at all", [], [], FindingStatus.Inconclusive, FindingCodes.TooLittleData },
        { "all the same", [.. Enumerable.Repeat(1.0, 20)], [.. Enumerable.Repeat(1.0, 20)], FindingStatus.Pass, FindingCodes.None },
    };

    [Theory]
    [MemberData(nameof(Reported))]
    public void Small_samples_that_others_got_wrong_come_out_right(string what, double[] after, double[] before, FindingStatus status, string code)
    {
        foreach (var direction in new[] { Direction.Both, Direction.Up })
        {
            var finding = SeriesAnalysis.Analyze(Gauge(before, after) with { Direction = direction }).Finding;
            Assert.True(status == finding.Status && code == finding.Code, $"{what} ({direction}): {finding.Status} {finding.Code}: {finding.Reason}");
        }
    }

    [Fact]
    public void The_step_is_inferred_and_gaps_do_not_disturb_it()
    {
        var input = Gauge([1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 1]);
        var result = SeriesAnalysis.Analyze(input with { Rows = [.. input.Rows.Where((_, index) => index != 3)] });
        Assert.Equal(60, result.StepSeconds);
        Assert.Equal(5, result.Band.Count(point => !point.IsAfter));
        Assert.Equal(5, result.Band.Count(point => point.IsAfter));
    }

    [Fact]
    public void Rows_may_come_in_any_order()
    {
        var input = Gauge([1, 2, 1, 2, 1, 2], [8, 9, 8, 9, 8]);
        Assert.Equal(
            SeriesAnalysis.Analyze(input).Finding,
            SeriesAnalysis.Analyze(input with { Rows = [.. input.Rows.Reverse()] }).Finding);
    }

    [Fact]
    public void A_gauge_with_an_hour_of_history_is_shown_and_cannot_fail()
    {
        var draw = new Draw(5);
        double[] before = [.. Enumerable.Range(0, 60).Select(_ => 100 + draw.Normal())];
        double[] after = [.. Enumerable.Range(0, 60).Select(_ => 150 + draw.Normal())];
        var result = SeriesAnalysis.Analyze(Gauge(before, after));
        Assert.NotEqual(FindingStatus.Fail, result.Finding.Status);
        Assert.Null(result.FirstFlagged);
        Assert.InRange(result.Finding.ChangeRatio!.Value, 1.45, 1.55);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(20)]
    [InlineData(300)]
    public void With_days_of_history_a_gauge_that_leaves_its_daily_rhythm_fails_within_minutes(double step)
    {
        var calm = SeriesAnalysis.Analyze(Daily(step, 0));
        var higher = SeriesAnalysis.Analyze(Daily(step, 25));
        Assert.NotEqual(FindingStatus.Fail, calm.Finding.Status);
        Assert.Null(calm.FirstFlagged);
        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (higher.Finding.Status, higher.Finding.Code));
        Assert.InRange(higher.FirstFlagged!.Value, ChangeAt, ChangeAt + 600);
        Assert.True(higher.Score > 2 && higher.Score > calm.Score && calm.Score > 0, $"{calm.Score} {higher.Score}");
    }

    [Fact]
    public void The_course_says_what_was_known_after_each_row_and_nothing_of_what_came_later()
    {
        var input = Daily(60, 25);
        var whole = SeriesAnalysis.Analyze(input);
        var first = whole.FirstFlagged!.Value;
        var cut = SeriesAnalysis.Analyze(input with { Rows = [.. input.Rows.Where(row => row.Timestamp <= first + 1800)] });
        Assert.Equal(first, cut.FirstFlagged);
        Assert.Equal(whole.Course.Take(cut.Course.Count - 1), cut.Course.SkipLast(1));
        Assert.False(whole.IsFlaggedWithin(first - ChangeAt));
        Assert.True(whole.IsFlaggedWithin(first - ChangeAt + 1));
        Assert.True(whole.ScoreAfter(60) <= whole.ScoreAfter(3600));
        Assert.Equal(whole.Score, whole.ScoreAfter(7200));
    }

    [Fact]
    public void It_agrees_with_the_judge_that_watches_live()
    {
        var input = Daily(60, 8);
        var result = SeriesAnalysis.Analyze(input);
        var (first, minutes) = ((long)(ChangeAt / 60) + 1, input.Rows.Where(row => row.Timestamp < ChangeAt).Select(row => (float)row.Value).ToArray());
        var reference = SeriesReference.Create(new MinuteSeries(first - minutes.Length, minutes), first, new ReferenceOptions());
        var spec = new SliSpec { Name = "value", Measure = Measure.Gauge, Unit = "", Direction = Direction.Both, Tolerance = Tolerance.None, StepSeconds = 60 };
        var judge = SliJudge.Create(spec, [.. minutes.Select((value, index) => Step(first - minutes.Length + index, value)).TakeLast(60)], new SliHistory { Reference = reference });
        var course = new List<double?>();
        foreach (var (row, index) in input.Rows.Where(row => row.Timestamp >= ChangeAt).Select((row, index) => (row, index)))
        {
            judge.Add(Step(first + index, row.Value));
            course.Add(judge.Evaluate(new Moment(DateTimeOffset.FromUnixTimeSeconds((long)ChangeAt), Stage.Watching)).PValue);
        }

        Assert.Equal(course.SkipLast(1), result.Course.Select(point => point.PValue).SkipLast(1));

        static StepSample Step(long step, double value) => new(step, StepState.None, value, double.NaN);
    }

    [Fact]
    public void Only_the_time_asked_for_is_looked_at()
    {
        var input = Daily(60, 25);
        var hour = SeriesAnalysis.Analyze(input with { HistorySeconds = 3600, ObservedSeconds = 3000 });
        Assert.Equal(60, hour.Finding.BaselineSamples);
        Assert.Equal(50, hour.Finding.ObservedSamples);
        Assert.Null(hour.FirstFlagged);
        var day = SeriesAnalysis.Analyze(input with { ObservedSeconds = 1800 });
        Assert.NotNull(day.FirstFlagged);
    }

    [Fact]
    public void Few_values_are_judged_once_and_so_flagged_at_the_end()
    {
        var result = SeriesAnalysis.Analyze(Gauge([.. Enumerable.Repeat(1.0, 10)], [.. Enumerable.Repeat(100.0, 10)]));
        Assert.Equal(FindingStatus.Fail, result.Finding.Status);
        Assert.Equal(ChangeAt + (60 * 9), result.FirstFlagged);
    }

    [Fact]
    public void A_failure_without_a_test_scores_as_high_as_the_level()
    {
        double[] calm = [.. Enumerable.Range(0, 60).Select(i => 100.0 + (i % 3))];
        var vanished = SeriesAnalysis.Analyze(Gauge(calm, [.. calm.Select(_ => double.NaN)]));
        Assert.Equal((FindingStatus.Fail, FindingCodes.MetricVanished), (vanished.Finding.Status, vanished.Finding.Code));
        Assert.Equal(2, vanished.Score, 9);
        Assert.Equal(0, SeriesAnalysis.Analyze(Gauge(calm, [])).Score);
    }

    [Fact]
    public void Errors_after_a_change_fail_and_the_band_and_the_first_flag_are_there_to_plot()
    {
        var rows = Enumerable.Range(-60, 100).Select(i => new SeriesRow(ChangeAt + 15 * i, i < 0 ? i % 2 : 20, 1000));
        var result = SeriesAnalysis.Analyze(new SeriesInput { Rows = [.. rows], ChangeAt = ChangeAt, Measure = Measure.Ratio, Direction = Direction.Up, Name = "error-ratio", Unit = "ratio" });

        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (result.Finding.Status, result.Finding.Code));
        Assert.InRange(result.FirstFlagged!.Value, ChangeAt, ChangeAt + 60);
        Assert.Equal(0.02, result.Band[^1].Value, 6);
        Assert.True(result.Band[^1].Upper < 0.01);
    }

    [Fact]
    public void A_histogram_fails_on_its_tail()
    {
        var service = new Service(3, 15);
        var calm = new Behaviour { RequestsPerSecond = 50, MedianSeconds = 0.02, LogSpread = 0.4 };
        var rows = Enumerable.Range(-60, 100).Select(i =>
        {
            var step = service.Buckets(i + 100, i < 0 ? calm : calm with { SlowShare = 0.01 });
            return new SeriesRow(ChangeAt + 15 * i, double.NaN, step.Total, step.Buckets);
        });
        var result = SeriesAnalysis.Analyze(new SeriesInput { Rows = [.. rows], ChangeAt = ChangeAt, Measure = Measure.Buckets, Direction = Direction.Up, Bounds = Service.AspNetCoreBounds, Name = "latency", Unit = "seconds" });

        Assert.Equal(FindingStatus.Fail, result.Finding.Status);
        Assert.StartsWith("p99 latency is ", result.Finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_with_days_of_history_fails_on_a_quantile_that_its_buckets_are_too_few_for()
    {
        double[] bounds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, double.PositiveInfinity];
        var draw = new Draw(23);
        var rows = Enumerable.Range(-2900, 3020).Select(i =>
        {
            // Ten requests a minute: too few for the buckets to tell in time, and each of them slower after the change.
            var buckets = new double[bounds.Length];
            for (var request = 0; request < 10; request++)
            {
                var seconds = 0.03 * Math.Exp(0.4 * draw.Normal()) * (i < 0 ? 1 : 2);
                for (var b = 0; b < bounds.Length; b++)
                    buckets[b] += seconds <= bounds[b] ? 1 : 0;
            }

            return new SeriesRow(ChangeAt + 60 * i, double.NaN, 10, buckets);
        });
        var input = new SeriesInput { Rows = [.. rows], ChangeAt = ChangeAt, Measure = Measure.Buckets, Direction = Direction.Up, Bounds = bounds, Name = "latency", Unit = "seconds" };
        var result = SeriesAnalysis.Analyze(input);
        Assert.Equal(FindingStatus.Fail, result.Finding.Status);
        Assert.InRange(result.FirstFlagged!.Value, ChangeAt, ChangeAt + 1800);
        Assert.Equal(result.Course.Select(point => point.Timestamp).Distinct(), result.Course.Select(point => point.Timestamp));
        var calm = SeriesAnalysis.Analyze(input with { ChangeAt = ChangeAt - 7200 });
        Assert.Null(calm.FirstFlagged);
    }

    [Fact]
    public void Values_that_are_no_numbers_are_gaps()
    {
        var finding = SeriesAnalysis.Analyze(Gauge([1, 1, double.NaN, 1, double.PositiveInfinity, 1], [1, double.NaN, 1, 1, 1, 1, 1, 1])).Finding;
        Assert.Equal(4, finding.BaselineSamples);
        Assert.Equal(7, finding.ObservedSamples);
        Assert.Equal(FindingStatus.Pass, finding.Status);
    }

    /// <summary>Four days with a rhythm and noise, and a change on the slope after which so much is added.</summary>
    private static SeriesInput Daily(double step, double added)
    {
        var draw = new Draw(17);
        var first = (int)(-4 * 86400 / step);
        var rows = Enumerable.Range(first, -first + (int)(7200 / step)).Select(i => new SeriesRow(
            ChangeAt + (i * step),
            100 + (40 * Math.Sin(Math.Tau * i * step / 86400)) + (3 * draw.Normal()) + (i < 0 ? 0 : added)));
        return new SeriesInput { Rows = [.. rows], ChangeAt = ChangeAt, Measure = Measure.Gauge };
    }

    private static SeriesInput Gauge(double[] before, double[] after) => new()
    {
        Rows =
        [
            .. before.Select((value, index) => new SeriesRow(ChangeAt - 60 * (before.Length - index), value)),
            .. after.Select((value, index) => new SeriesRow(ChangeAt + 60 * index, value)),
        ],
        ChangeAt = ChangeAt,
        Measure = Measure.Gauge,
    };
}
