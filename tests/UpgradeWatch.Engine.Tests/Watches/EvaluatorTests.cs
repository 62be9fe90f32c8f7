using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using static UpgradeWatch.Engine.Tests.Watches.Scripted;
using static UpgradeWatch.Engine.Tests.Watches.WatchedUpgrade;

namespace UpgradeWatch.Engine.Tests.Watches;

public sealed class EvaluatorTests
{
    [Fact]
    public async Task A_good_upgrade_is_pending_until_the_minimum_then_passes_and_completes_itself()
    {
        await using var watched = await UpgradedAsync(_ => Good(0));

        await watched.RunAsync(38);
        var early = watched.Verdict;
        await watched.RunAsync(3);
        var passed = watched.Verdict;
        await watched.RunAsync(90);

        Assert.Equal(FindingStatus.Pending, early.Status);
        Assert.Equal((FindingStatus.Pass, false), (passed.Status, passed.Final));
        Assert.Equal((FindingStatus.Pass, true, Phase.Completed), (watched.Verdict.Status, watched.Verdict.Final, watched.Upgrade.Phase));
        Assert.Equal(ItemStatus.Done, watched.Upgrade.Checklist.Single(i => i.Id == "monitor-metrics").Status);
    }

    [Fact]
    public async Task Errors_fail_the_verdict_and_flag_the_item_and_the_time_to_detect_is_kept()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? Bad(step) : Good(step));

        await watched.RunAsync(30);

        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Equal(ItemStatus.Flagged, watched.Upgrade.Checklist.Single(i => i.Id == "monitor-metrics").Status);
        Assert.InRange(watched.Upgrade.TimeToDetectSeconds!.Value, 8 * 15, 25 * 15);
    }

    [Fact]
    public async Task It_fails_while_it_is_rolled_out_but_never_passes_then()
    {
        await using var good = await WatchedUpgrade.CreateAsync(Good);
        await using var bad = await WatchedUpgrade.CreateAsync(step => step > WatchedUpgrade.StepAt(0) ? Bad(step) : Good(step));
        foreach (var watched in (WatchedUpgrade[])[good, bad])
        {
            await watched.BeginAsync(Phase.Upgrading);
            await watched.RunAsync(100);
        }

        Assert.Equal(FindingStatus.Pending, good.Verdict.Status);
        Assert.Equal(FindingStatus.Fail, bad.Verdict.Status);
    }

    [Fact]
    public async Task Without_any_sample_before_the_upgrade_it_goes_on_looking_and_says_so()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(10) ? Good(step) : null);

        await watched.RunAsync(5);
        Assert.Equal(watched.Time.GetUtcNow(), watched.Upgrade.EvaluatedAt);
        await watched.RunAsync(30);

        Assert.Equal(FindingCodes.NoBaseline, watched.Finding("latency").Code);
        Assert.Equal(watched.Time.GetUtcNow(), watched.Upgrade.EvaluatedAt);
    }

    [Fact]
    public async Task What_is_judged_is_looked_for_again_when_the_first_request_came_after_the_upgrade_was_announced()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(Good);
        watched.Source.IsUnused = true;
        await watched.BeginAsync();
        await watched.RunAsync(2);
        watched.Source.IsUnused = false;
        await watched.RunAsync(1);
        await watched.MoveAsync(Phase.Upgrading);
        await watched.MoveAsync(Phase.PostUpgrade);

        await watched.RunAsync(130);

        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.Equal(["error-ratio", "latency", "traffic"], watched.Verdict.Findings.Select(finding => finding.Sli).Order());
    }

    [Fact]
    public async Task Every_step_is_read_once_and_a_gap_once_more_when_it_has_ended()
    {
        var gap = (First: WatchedUpgrade.StepAt(20), Last: WatchedUpgrade.StepAt(24));
        var late = false;
        await using var watched = await UpgradedAsync(step => step >= gap.First && step <= gap.Last && !late ? null : Good(step));
        await watched.RunAsync(25);
        late = true;

        await watched.RunAsync(20);

        var reads = watched.Source.Reads.Skip(1).SelectMany(r => Enumerable.Range(0, (int)(r.Last - r.First + 1)).Select(i => r.First + i)).ToArray();
        var twice = reads.GroupBy(step => step).Where(g => g.Count() > 1).Select(g => g.Key).ToArray();
        Assert.Equal([gap.First, gap.First + 1, gap.First + 2, gap.First + 3, gap.Last], twice);
        Assert.Equal(watched.Verdict.Findings[0].Result.ObservedSamples, (await SeriesAsync(watched)).Count(p => p is not null) - 8);
    }

    [Fact]
    public async Task Planned_downtime_is_neither_judged_nor_a_gap()
    {
        var (first, last) = (WatchedUpgrade.StepAt(20), WatchedUpgrade.StepAt(59));
        await using var watched = await WatchedUpgrade.CreateAsync(step => step >= first && step <= last ? Good(step) with { IsUp = false } : Good(step));
        await watched.BeginAsync(Phase.PostUpgrade, downtime: new PlannedDowntime(WatchedUpgrade.Start.AddSeconds(19 * 15), WatchedUpgrade.Start.AddSeconds(60 * 15)));

        await watched.RunAsync(58);
        var during = watched.Verdict;
        await watched.RunAsync(80);

        Assert.NotEqual(FindingStatus.Fail, during.Status);
        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
    }

    [Theory]
    [InlineData(37, 75, FindingStatus.Pass)]
    [InlineData(100, 115, FindingStatus.Inconclusive)]
    public async Task Planned_downtime_is_no_time_in_which_it_was_watched(int ends, int looks, FindingStatus atTheEnd)
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => step > WatchedUpgrade.StepAt(0) && step <= WatchedUpgrade.StepAt(ends) ? Good(step) with { IsUp = false } : Good(step));
        await watched.BeginAsync(Phase.PostUpgrade, downtime: new PlannedDowntime(WatchedUpgrade.Start, WatchedUpgrade.Start.AddSeconds(ends * 15)));

        await watched.RunAsync(looks);
        var early = watched.Verdict;
        await watched.RunAsync(125 - looks);

        Assert.Equal(FindingStatus.Pending, early.Status);
        Assert.Equal((atTheEnd, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.Contains(ends == 37 ? "over 21 min since" : "beside the planned downtime", watched.Verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_stays_down_fails_and_flags_the_health_check()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(1) ? Good(step) with { IsUp = false } : Good(step));

        await watched.RunAsync(12);

        Assert.Equal((FindingStatus.Fail, FindingCodes.TargetDown), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Equal(ItemStatus.Flagged, watched.Upgrade.Checklist.Single(i => i.Id == "health-check").Status);
    }

    [Fact]
    public async Task Low_traffic_keeps_the_window_open_only_as_long_as_configured()
    {
        var evaluation = new EvaluationOptions { ObservationSeconds = 600, ExtendUntilSeconds = 600 };
        // One request in 16 steps: 20 are reached only when the window is kept open for longer than that.
        await using var watched = await UpgradedAsync(step => new Scripted(step % 16 == 0 ? 3 : 0, 0), evaluation);

        await watched.RunAsync(42);
        var after = watched.Verdict;
        await watched.RunAsync(42);

        Assert.False(after.Final);
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.TooLittleData, true), (watched.Verdict.Status, watched.Verdict.Code, watched.Verdict.Final));
    }

    [Fact]
    public async Task Without_auto_complete_the_verdict_is_final_and_the_phase_stays()
    {
        await using var watched = await UpgradedAsync(Good, new EvaluationOptions { ObservationSeconds = 600, AutoComplete = false });

        await watched.RunAsync(45);

        Assert.Equal((FindingStatus.Pass, true, Phase.PostUpgrade), (watched.Verdict.Status, watched.Verdict.Final, watched.Upgrade.Phase));
    }

    [Fact]
    public async Task An_upgrade_told_afterwards_is_judged_from_the_past_as_soon_as_its_history_is_read()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => step > WatchedUpgrade.StepAt(-100) ? Bad(step) : Good(step));
        await watched.BeginAsync(Phase.PostUpgrade, WatchedUpgrade.Start.AddSeconds(-100 * 15));

        await watched.RunAsync(2);

        Assert.Equal(FindingStatus.Fail, watched.Verdict.Status);
    }

    [Fact]
    public async Task What_was_read_beyond_a_window_whose_end_is_told_afterwards_does_not_count()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(
            step => step > WatchedUpgrade.StepAt(-40) ? Bad(step) : Good(step), new EvaluationOptions { ObservationSeconds = 30 * 15 });
        await watched.BeginAsync(Phase.Upgrading, WatchedUpgrade.Start.AddSeconds(-100 * 15));
        await watched.RunAsync(1);

        await watched.MoveAsync(Phase.PostUpgrade, WatchedUpgrade.Start.AddSeconds(-90 * 15));
        await watched.RunAsync(1);

        Assert.True(watched.Verdict.Final);
        Assert.Equal(WatchedUpgrade.Start.AddSeconds(-60 * 15), watched.Verdict.ObservedUntil);
        Assert.All(watched.Verdict.Findings, finding => Assert.NotEqual(FindingStatus.Fail, finding.Result.Status));
    }

    [Fact]
    public async Task A_metric_that_vanished_is_named_with_what_it_may_be_called_now()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? new Scripted(double.NaN, double.NaN) { Bounds = [] } : Good(step));

        await watched.RunAsync(35);

        Assert.Equal((FindingStatus.Fail, FindingCodes.MetricVanished), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Contains("requests_seconds_bucket", watched.Finding("latency").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("go_goroutines", watched.Finding("latency").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Histograms_with_other_bounds_are_compared_on_those_they_share()
    {
        double[] others = [0.1, 0.2, 1, double.PositiveInfinity], strange = [0.3, double.PositiveInfinity];
        await using var shared = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? Good(step) with { Bounds = others } : Good(step));
        await using var none = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? Good(step) with { Bounds = strange } : Good(step));

        await shared.RunAsync(45);
        await none.RunAsync(45);

        Assert.Equal("pass", shared.Finding("latency").Status);
        Assert.Equal(("inconclusive", FindingCodes.BucketsChanged), (none.Finding("latency").Status, none.Finding("latency").Code));
    }

    [Theory]
    [InlineData(false, FindingStatus.Pass)]
    [InlineData(true, FindingStatus.Fail)]
    public async Task A_fix_forward_is_compared_with_the_time_before_the_bad_version(bool secondIsBad, FindingStatus expected)
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) && (secondIsBad || step <= WatchedUpgrade.StepAt(40)) ? Bad(step) : Good(step));
        await watched.RunAsync(40);
        Assert.Equal(FindingStatus.Fail, watched.Verdict.Status);

        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(60);

        Assert.Equal(expected, watched.Verdict.Status);
        Assert.True(watched.Upgrade.Baseline!.From <= WatchedUpgrade.Start.AddHours(-1));
    }

    [Fact]
    public async Task Deploying_into_an_incident_is_seen_as_such()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(-60) ? Bad(step) : Good(step));

        await watched.RunAsync(60);

        Assert.Equal((FindingStatus.Warn, FindingCodes.BaselineUnhealthy), (watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task A_store_that_takes_nothing_keeps_nobody_from_being_warned_and_nothing_is_left_out_afterwards()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? Bad(step) : Good(step));
        await watched.RunAsync(5);
        watched.Store.IsFull = true;
        await watched.RunAsync(30);
        var shown = watched.Verdict;
        var refused = await watched.Service.AdvanceAsync(watched.Upgrade.Id, new AdvanceCommand { Phase = Phase.RollingBack }, default);
        watched.Store.IsFull = false;

        await watched.MoveAsync(Phase.RollingBack);

        Assert.Equal(FindingStatus.Fail, shown.Status);
        Assert.Equal(RefusalKind.StoreFull, refused.Refusal!.Kind);
        Assert.Null(watched.Service.StoreTrouble);
        Assert.Equal((FindingStatus.Fail, true), (watched.Verdict.Status, watched.Verdict.Final));
        var events = await watched.Store.EventsAfterAsync(0, 1000, default);
        Assert.Contains(events, e => e is { Type: "finding", Subject: "error-ratio", State: "fail" });
        Assert.Contains(events, e => e is { Type: "verdict", State: "fail" });
    }

    [Fact]
    public async Task What_failed_while_the_store_took_nothing_is_known_to_have_failed()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(10) && step < WatchedUpgrade.StepAt(60) ? Bad(step) : Good(step), new EvaluationOptions { ObservationSeconds = 14400 });
        await watched.RunAsync(8);
        watched.Store.IsFull = true;
        await watched.RunAsync(50);
        var shown = watched.Verdict;
        await watched.RunAsync(200);
        watched.Store.IsFull = false;
        await watched.RunAsync(1);
        await watched.RestartAsync();

        Assert.Equal(FindingStatus.Fail, shown.Status);
        Assert.Equal(FindingCodes.Recovered, watched.Verdict.Code);
        Assert.Contains("error-ratio", watched.Upgrade.FailedSlis!);
        Assert.InRange(watched.Upgrade.TimeToDetectSeconds!.Value, 10 * 15, 40 * 15);
    }

    [Fact]
    public async Task A_pass_names_what_could_not_be_judged()
    {
        await using var watched = await UpgradedAsync(step => Good(step) with { Bounds = [] });

        await watched.RunAsync(45);

        Assert.Equal(FindingStatus.Pass, watched.Verdict.Status);
        Assert.Contains("Not judged, as there is no sample before or after: latency.", watched.Verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_changes_neither_verdict_nor_findings()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? Bad(step) : Good(step));
        await watched.RunAsync(40);
        var before = watched.Verdict;
        await watched.RestartAsync();

        var loaded = watched.Verdict;
        await watched.RunAsync(1);

        Assert.Equal((before.Status, before.Code), (loaded.Status, loaded.Code));
        Assert.Equal((before.Status, before.Code), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Equal(before.Findings.Select(f => (f.Sli, f.Result.Status)), watched.Verdict.Findings.Select(f => (f.Sli, f.Result.Status)));
    }

    private static async Task<IReadOnlyList<double?>> SeriesAsync(WatchedUpgrade watched) =>
        [.. (await watched.SeriesAsync("error-ratio")).Observed.Select(p => p.Value)];
}
