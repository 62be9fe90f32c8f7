using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Offline;
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
    public void A_long_gauge_is_shown_and_not_judged()
    {
        var draw = new Draw(5);
        double[] before = [.. Enumerable.Range(0, 60).Select(_ => 100 + draw.Normal())];
        double[] after = [.. Enumerable.Range(0, 60).Select(_ => 150 + draw.Normal())];
        var finding = SeriesAnalysis.Analyze(Gauge(before, after)).Finding;
        Assert.Equal((FindingStatus.Pass, FindingCodes.Provisional), (finding.Status, finding.Code));
        Assert.InRange(finding.ChangeRatio!.Value, 1.45, 1.55);
        Assert.InRange(finding.ExpectedUpper!.Value, 101, 110);
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
    public void Values_that_are_no_numbers_are_gaps()
    {
        var finding = SeriesAnalysis.Analyze(Gauge([1, 1, double.NaN, 1, double.PositiveInfinity, 1], [1, double.NaN, 1, 1, 1, 1, 1, 1])).Finding;
        Assert.Equal(4, finding.BaselineSamples);
        Assert.Equal(7, finding.ObservedSamples);
        Assert.Equal(FindingStatus.Pass, finding.Status);
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
