using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using static UpgradeWatch.Analysis.Tests.Judges.Scene;

namespace UpgradeWatch.Analysis.Tests.Judges;

/// <summary>What is said before any statistics.</summary>
public class OutcomeTests
{
    [Fact]
    public void A_source_that_cannot_be_read_is_inconclusive_and_names_the_cause() =>
        Of(Errors, Ratio(1)).Then(20, Ratio(1)).Look(failure: "Prometheus answered 503")
            .Is(FindingStatus.Inconclusive, FindingCodes.Source).Says("Prometheus answered 503");

    [Fact]
    public void A_standing_failure_is_not_hidden_by_an_unreachable_source() =>
        Of(Errors, Ratio(1)).Then(20, Ratio(50)).Look(failure: "timeout").Is(FindingStatus.Fail, FindingCodes.Level);

    [Fact]
    public void A_metric_that_vanished_is_pending_first_and_fails_after_20_steps_with_names_to_try()
    {
        var scene = Of(Errors, Ratio(1)).Then(10, Ratio(1)).Then(19, Gap);
        scene.Look().Is(FindingStatus.Pending, FindingCodes.TooLittleData);
        scene.Then(1, Gap).Look(similar: ["http_requests_v2_total"])
            .Is(FindingStatus.Fail, FindingCodes.MetricVanished).Says("http_requests_v2_total").Says("since 14:02");
    }

    [Fact]
    public void A_metric_that_is_gone_from_the_start_is_vanished_too() =>
        Of(Latency, Spread(90, 9, 1)).Then(8, Gap, StepState.WarmUp).Then(20, Gap).Look().Is(FindingStatus.Fail, FindingCodes.MetricVanished);

    [Fact]
    public void A_metric_that_is_not_critical_only_warns_when_it_vanishes() =>
        Of(Errors with { Critical = false }, Ratio(1)).Then(30, Gap).Look().Is(FindingStatus.Warn, FindingCodes.MetricVanished);

    [Fact]
    public void So_few_events_are_not_missed_after_20_steps()
    {
        var scene = Of(Traffic, Count(0.1)).Then(10, Count(0.1)).Then(100, Gap);
        scene.Look().Is(FindingStatus.Pending, FindingCodes.TooLittleData);
        scene.Then(101, Gap).Look().Is(FindingStatus.Fail, FindingCodes.MetricVanished);
    }

    [Theory]
    [InlineData(StepState.Unseen)]
    [InlineData(StepState.None)]
    public void What_was_not_seen_to_the_end_of_the_window_is_not_decided_however_much_was_seen_before(StepState state)
    {
        Of(Errors, Ratio(1)).Then(90, Ratio(1)).Then(10, Gap, state).Look(Stage.Closed).Is(FindingStatus.Inconclusive, FindingCodes.TooLittleData);
        Of(Errors, Ratio(1)).Then(10, Ratio(100), StepState.Starting).Then(10, Ratio(30)).Then(80, Ratio(1)).Then(10, Gap, state)
            .Look(Stage.Closed).Is(FindingStatus.Inconclusive, FindingCodes.TooLittleData);
    }

    [Fact]
    public void A_quantile_of_no_requests_has_not_vanished_and_is_no_gap()
    {
        var quantile = Memory with { Name = "latency-p95", IsQuantile = true };
        Of(quantile, Value(5)).Then(5, Value(5)).Then(200, Gap, StepState.Idle).Then(5, Value(5)).Look(Stage.Closed)
            .Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void A_quantile_with_a_short_baseline_only_informs()
    {
        var quantile = Memory with { Name = "latency-p95", IsQuantile = true };
        Of(quantile, Value(5), steps: 20).Then(30, Value(9)).Look().Is(FindingStatus.Pass, FindingCodes.None);
        Of(quantile, Value(5), steps: 20).Then(30, Value(9)).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void A_gauge_is_missed_after_20_steps() =>
        Of(Memory, Value(5)).Then(5, Value(5)).Then(20, Gap).Look().Is(FindingStatus.Fail, FindingCodes.MetricVanished);

    [Fact]
    public void A_metric_that_came_back_is_recovered_after_15_minutes_and_never_passes_again()
    {
        var scene = Of(Errors, Ratio(1)).Then(20, Gap).Then(59, Ratio(1));
        scene.Look().Is(FindingStatus.Fail, FindingCodes.MetricVanished);
        scene.Then(1, Ratio(1)).Look().Is(FindingStatus.Warn, FindingCodes.Recovered);
        scene.Then(100, Ratio(1)).Look(Stage.Closed).Is(FindingStatus.Warn, FindingCodes.Recovered);
    }

    [Fact]
    public void A_target_that_is_down_for_8_steps_fails_even_while_warming_up()
    {
        var scene = Of(Errors, Ratio(1)).Then(7, Gap, StepState.WarmUp | StepState.Down);
        scene.Look(Stage.Upgrading).Is(FindingStatus.Pending, FindingCodes.TooLittleData);
        scene.Then(1, Gap, StepState.WarmUp | StepState.Down).Look(Stage.Upgrading).Is(FindingStatus.Fail, FindingCodes.TargetDown);
    }

    [Fact]
    public void Planned_downtime_is_neither_a_failure_nor_a_gap() =>
        Of(Errors, Ratio(1)).Then(100, Gap, StepState.Planned | StepState.Down).Then(10, Ratio(1)).Look()
            .Is(FindingStatus.Pass, FindingCodes.None);

    [Fact]
    public void Half_of_all_requests_failing_for_4_steps_fails_while_warming_up()
    {
        var scene = Of(Errors, Ratio(1)).Then(3, Ratio(600), StepState.WarmUp);
        scene.Look(Stage.Upgrading).Is(FindingStatus.Pending, FindingCodes.TooLittleData);
        scene.Then(1, Ratio(600), StepState.WarmUp).Look(Stage.Upgrading).Is(FindingStatus.Fail, FindingCodes.Level);
    }

    [Fact]
    public void Nothing_before_and_nothing_after_is_too_little_data()
    {
        var scene = Of(Errors, Gap).Then(30, Gap);
        scene.Look().Is(FindingStatus.Pending, FindingCodes.TooLittleData);
        scene.Look(Stage.Closed).Is(FindingStatus.Inconclusive, FindingCodes.TooLittleData);
    }

    [Fact]
    public void Without_a_baseline_it_is_inconclusive()
    {
        foreach (var (spec, step) in new[] { (Errors, Ratio(5)), (Traffic, Count(5)), (Latency, Spread(5, 5, 5)), (Memory, Value(7)) })
            new Scene(spec, []).Then(30, step).Look(Stage.Closed).Is(FindingStatus.Inconclusive, FindingCodes.NoBaseline);
    }

    [Fact]
    public void Without_a_baseline_errors_over_the_default_limit_warn_and_over_a_configured_one_fail()
    {
        new Scene(Errors, []).Then(30, Ratio(50)).Look().Is(FindingStatus.Warn, FindingCodes.NoBaseline).Says("1 %");
        new Scene(Errors with { UpperLimit = 0.02 }, []).Then(30, Ratio(50)).Look().Is(FindingStatus.Fail, FindingCodes.Limit);
    }

    [Fact]
    public void Without_a_baseline_a_limit_on_a_gauge_still_holds() =>
        new Scene(Memory with { UpperLimit = 10 }, []).Then(3, Value(11)).Look().Is(FindingStatus.Fail, FindingCodes.Limit);

    [Fact]
    public void Two_steps_or_nineteen_requests_are_too_few()
    {
        Of(Errors, Ratio(1)).Then(2, Ratio(1)).Look().Is(FindingStatus.Pending, FindingCodes.TooLittleData);
        Of(Errors, Ratio(0, 3)).Then(6, Ratio(0, 3)).Look(Stage.Closed)
            .Is(FindingStatus.Inconclusive, FindingCodes.TooLittleData).Says("18 requests").Says("20 requests");
        Of(Errors, Ratio(0, 3)).Then(7, Ratio(0, 3)).Look().Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void A_hard_limit_does_not_wait_for_three_steps() =>
        Of(Errors with { UpperLimit = 0.05 }, Ratio(40)).Then(1, Ratio(60)).Look()
            .Is(FindingStatus.Fail, FindingCodes.Limit).Says("above the limit of 5 %");

    [Fact]
    public void A_lower_limit_holds_for_traffic() =>
        Of(Traffic with { LowerLimit = 1 }, Count(16)).Then(8, Count(14)).Look().Is(FindingStatus.Fail, FindingCodes.Limit).Says("below the limit of 1/s");

    [Fact]
    public void Under_80_percent_of_the_steps_is_never_a_plain_pass()
    {
        var scene = Of(Errors, Ratio(1));
        for (var i = 0; i < 20; i++)
            scene.Then(2, Ratio(1)).Then(1, Gap);
        scene.Look(Stage.Closed).Is(FindingStatus.Warn, FindingCodes.Gaps).Says("40 of the 60 steps");
    }

    [Fact]
    public void Steps_that_are_left_out_are_gaps()
    {
        var judge = SliJudge.Create(Errors, [.. Enumerable.Range(1, 100).Select(step => Ratio(1) with { Step = step })]);
        for (var step = 101; step < 161; step += 3)
            judge.Add(Ratio(1) with { Step = step });
        judge.Evaluate(new Moment(UpgradedAt, Stage.Watching)).Is(FindingStatus.Warn, FindingCodes.Gaps);
    }

    [Fact]
    public void A_gauge_stuck_at_a_new_value_is_flat()
    {
        var before = Enumerable.Range(0, 100).Select(i => Value(100 + i % 7));
        new Scene(Memory, before).Then(30, Value(101.5)).Look().Is(FindingStatus.Warn, FindingCodes.Flat);
        new Scene(Memory, before).Then(30, Value(102)).Look().Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void Constant_before_and_constant_and_equal_after_passes()
    {
        foreach (var (spec, step) in new[] { (Errors, Ratio(0)), (Errors, Ratio(5)), (Traffic, Count(50)), (Latency, Spread(50, 40, 9, 1)), (Memory, Value(0)), (Memory, Value(7)) })
            Of(spec, step).Then(60, step).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
    }

    [Fact]
    public void Bounds_with_none_in_common_are_named() =>
        new Scene(Latency with { Bounds = [double.PositiveInfinity] }, Enumerable.Repeat(new StepSample(0, StepState.None, double.NaN, 10, [10]), 50))
            .Then(10, new StepSample(0, StepState.None, double.NaN, 10, [10])).Look().Is(FindingStatus.Inconclusive, FindingCodes.BucketsChanged);

    [Fact]
    public void Nothing_passes_while_upgrading() =>
        Of(Errors, Ratio(1)).Then(50, Ratio(1)).Look(Stage.Upgrading).Is(FindingStatus.Pending, FindingCodes.None);

    [Fact]
    public void Contradictions_are_refused_by_name()
    {
        Assert.Contains("Alpha is 0", Assert.Throws<ArgumentException>(() => Of(Errors with { Alpha = 0 }, Ratio(1))).Message, StringComparison.Ordinal);
        Assert.Contains("last bound must be infinite", Assert.Throws<ArgumentException>(() => Of(Latency with { Bounds = [1, 2] }, Spread(1, 1, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("3 buckets", Assert.Throws<ArgumentException>(() => Of(Latency, new StepSample(0, StepState.None, 0, 3, [1, 2, 3]))).Message, StringComparison.Ordinal);
        var judge = SliJudge.Create(Errors, []);
        judge.Add(Ratio(1) with { Step = 5 });
        Assert.Contains("Step 5 follows step 5", Assert.Throws<ArgumentException>(() => judge.Add(Ratio(1) with { Step = 5 })).Message, StringComparison.Ordinal);
    }
}
