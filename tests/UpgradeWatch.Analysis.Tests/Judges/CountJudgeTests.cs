using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using static UpgradeWatch.Analysis.Tests.Judges.Scene;

namespace UpgradeWatch.Analysis.Tests.Judges;

/// <summary>Alarms, what is left of them, and recovery.</summary>
public class CountJudgeTests
{
    [Fact]
    public void More_errors_fail_in_a_sentence_anybody_understands()
    {
        var finding = Of(Errors, Ratio(1)).Then(20, Ratio(1)).Then(20, Ratio(31)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        Assert.Equal(
            "error-ratio is 3.1 %, 31 times the 0.1 % before, since 14:05 (5 min after the upgrade); up to 0.2 % is tolerated, and chance alone does this in under 0.1 % of good upgrades.",
            finding.Reason);
        Assert.Equal(UpgradedAt.AddMinutes(5), finding.Since);
        Assert.Equal(0.001, finding.Baseline!.Value, 9);
        Assert.Equal(0.031, finding.Current!.Value, 9);
        Assert.Equal(0.002, finding.ExpectedUpper!.Value, 9);
        Assert.InRange(finding.ChangeRatio!.Value, finding.ChangeLower!.Value, finding.ChangeUpper!.Value);
        Assert.InRange(finding.PValue!.Value, 0, 0.001);
        Assert.Equal((240, 40), (finding.BaselineSamples, finding.ObservedSamples));
    }

    [Fact]
    public void A_failure_that_is_over_but_not_for_long_does_not_pass_off_the_numbers_of_now_as_its_own() =>
        Of(Errors, Ratio(1)).Then(20, Ratio(1)).Then(20, Ratio(31)).Then(20, Ratio(1)).Look().Is(FindingStatus.Fail, FindingCodes.Level)
            .Says("error-ratio failed, since 14:05 (5 min after the upgrade)").Says("back inside its band").Says("error-ratio is 0.1 %, as before");

    [Fact]
    public void Slower_requests_name_the_quantile_that_moved()
    {
        var finding = Of(Latency, Spread(95, 4, 1)).Then(20, Spread(80, 10, 10)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        Assert.Matches("^p9[59] latency is \\d+ ms, .* the \\d+ ms before, since 14:00", finding.Reason);
    }

    [Fact]
    public void Less_traffic_is_told_per_second() =>
        Of(Traffic, Count(1500)).Then(20, Count(600)).Look().Is(FindingStatus.Fail, FindingCodes.Level)
            .Says("traffic is 40/s, 60 % below the 100/s before").Says("down to 70/s is tolerated");

    [Fact]
    public void More_traffic_matters_only_where_both_ways_do()
    {
        Of(Traffic, Count(1500)).Then(20, Count(3000)).Look().Is(FindingStatus.Pass, FindingCodes.None);
        Of(Traffic with { Direction = Direction.Both }, Count(1500)).Then(20, Count(3000)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        Of(Traffic with { Direction = Direction.Both }, Count(1500)).Then(20, Count(600)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void The_step_after_a_gap_holds_the_requests_of_all_of_it_and_is_no_peak_of_traffic()
    {
        Of(Traffic with { Direction = Direction.Both }, Count(1500)).Then(40, Count(1500)).Then(15, Gap).Then(1, Count(16 * 1500)).Then(20, Count(1500))
            .Look().Is(FindingStatus.Pass, FindingCodes.None).Says("traffic is 100/s");
        Of(Traffic, Count(1500)).Then(10, Count(1500)).Then(10, Gap).Then(1, Count(11 * 1500)).Then(40, Count(600))
            .Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("traffic is 40/s");
    }

    [Fact]
    public void A_difference_beyond_chance_but_not_beyond_tolerance_passes_with_the_numbers()
    {
        Of(Errors, Ratio(1000, 100_000)).Then(200, Ratio(1150, 100_000)).Look().Is(FindingStatus.Pass, FindingCodes.None)
            .Says("error-ratio is 1.15 %, 15 % above the 1 % before");
        Of(Traffic, Count(1500)).Then(200, Count(1200)).Look().Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void Steps_that_are_left_out_are_no_evidence()
    {
        foreach (var state in new[] { StepState.WarmUp, StepState.Planned, StepState.Starting })
            Of(Errors, Ratio(1)).Then(20, Ratio(100), state).Then(20, Ratio(1)).Look().Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void While_instances_start_nothing_is_worse_than_transient()
    {
        var scene = Of(Errors, Ratio(1)).Then(10, Ratio(50));
        scene.Look(Stage.Upgrading).Is(FindingStatus.Fail, FindingCodes.Level);
        scene.Then(1, Ratio(50), StepState.Starting).Look(Stage.Upgrading).Is(FindingStatus.Warn, FindingCodes.Transient);
        scene.Then(1, Ratio(50)).Look(Stage.Upgrading).Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void A_hiccup_after_the_warm_up_is_transient_and_stays_so()
    {
        // One short step of errors, as after a restart: beyond doubt, and gone before it could be called lasting.
        var scene = Of(Errors with { StepSeconds = 1 }, Ratio(1));
        scene.Then(4, Ratio(15)).Look().Is(FindingStatus.Warn, FindingCodes.Transient);
        scene.Then(200, Ratio(1)).Look(Stage.Closed).Is(FindingStatus.Warn, FindingCodes.Transient);
    }

    [Fact]
    public void A_single_late_error_does_not_make_a_failure_of_a_hiccup_long_past()
    {
        // 15 requests a step: one error is 0.8 % of the last 8 steps, far beyond the tolerance.
        var before = Enumerable.Range(0, 240).Select(i => Ratio(i % 60 == 0 ? 1 : 0, 15));
        var scene = new Scene(Errors with { StepSeconds = 1 }, before).Then(4, Ratio(6, 15)).Then(60, Ratio(0, 15));
        scene.Then(1, Ratio(1, 15)).Look().Is(FindingStatus.Warn, FindingCodes.Transient);
    }

    [Fact]
    public void A_failure_stands_until_15_minutes_inside_and_comes_back_when_it_gets_worse_again()
    {
        var scene = Of(Errors, Ratio(1)).Then(20, Ratio(50)).Then(60, Ratio(1));
        scene.Look().Is(FindingStatus.Fail, FindingCodes.Level);
        scene.Then(10, Ratio(1)).Look().Is(FindingStatus.Warn, FindingCodes.Recovered).Says("for 15 min");
        scene.Then(100, Ratio(1)).Look(Stage.Closed).Is(FindingStatus.Warn, FindingCodes.Recovered);
        scene.Then(10, Ratio(50)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void The_middle_alone_may_move_with_a_warning()
    {
        // Half of the requests went from the first bucket into the second; p95 and p99 stay where they were.
        var finding = Of(Latency, Spread(600, 300, 100)).Then(40, Spread(200, 700, 100)).Look();
        finding.Is(FindingStatus.Warn, FindingCodes.Tail).Says("p95 and p99 are within tolerance");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_few_stragglers_in_an_empty_bucket_do_not_move_p99(double perThousand)
    {
        // All requests were in the second bucket; now one in a thousand, or three, are in the third.
        var finding = Of(Latency, Spread(0, 1000, 0)).Then(80, Spread(0, 1000 - perThousand, perThousand)).Look();
        finding.Is(FindingStatus.Warn, FindingCodes.Tail).Says("p95 and p99 are within tolerance");
    }

    [Fact]
    public void A_service_that_never_failed_is_judged_by_the_absolute_tolerance()
    {
        Of(Errors, Ratio(0)).Then(100, Ratio(0)).Look().Is(FindingStatus.Pass, FindingCodes.None);
        Of(Errors, Ratio(0)).Then(20, Ratio(10)).Look().Is(FindingStatus.Fail, FindingCodes.Level).Says("error-ratio is 1 %, where it was 0 % before");
    }

    [Fact]
    public void A_success_ratio_that_falls_fails() =>
        Of(Errors with { Name = "success", Direction = Direction.Down }, Ratio(900)).Then(20, Ratio(400)).Look()
            .Is(FindingStatus.Fail, FindingCodes.Level).Says("success is 40 %, 56 % below the 90 % before");

    [Fact]
    public void Traffic_with_only_a_few_steps_before_is_not_judged() =>
        Of(Traffic, Count(100), steps: 5).Then(20, Count(10)).Look().Is(FindingStatus.Inconclusive, FindingCodes.TooLittleData);

    [Fact]
    public void Huge_counts_are_judged_like_others()
    {
        Of(Errors, Ratio(1e9, 1e12)).Then(30, Ratio(1e9, 1e12)).Look().Is(FindingStatus.Pass, FindingCodes.None);
        Of(Errors, Ratio(1e9, 1e12)).Then(30, Ratio(1e10, 1e12)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
        Of(Errors with { Tolerance = new(0.25, 0) }, Ratio(1, 1e9)).Then(30, Ratio(20, 1e9)).Look().Is(FindingStatus.Fail, FindingCodes.Level);
    }
}
