using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using static UpgradeWatch.Engine.Tests.Watches.Scripted;
using static UpgradeWatch.Engine.Tests.Watches.WatchedUpgrade;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>What is said while the source cannot be asked, or does not know, and afterwards.</summary>
public sealed class SourceTroubleTests
{
    private static readonly SourceFailure Refused = new(SourceFailureKind.Unreachable, "Prometheus refused the connection.");

    private static readonly SourceFailure TooMany = new(SourceFailureKind.Refused, "Prometheus refused the query: too many samples.");

    [Fact]
    public async Task While_the_source_is_away_it_is_inconclusive_and_afterwards_it_catches_up()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) ? Bad(step) : Good(step));
        await watched.RunAsync(2);
        watched.Source.Away = Refused;
        await watched.RunAsync(30);
        var blind = watched.Verdict;
        watched.Source.Away = null;
        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source), (blind.Status, blind.Code));
        Assert.Contains("refused the connection", blind.Summary, StringComparison.Ordinal);
        Assert.Equal(FindingStatus.Fail, watched.Verdict.Status);
    }

    [Fact]
    public async Task A_window_waits_15_min_for_a_source_that_is_away_and_then_is_inconclusive()
    {
        await using var watched = await UpgradedAsync(Good);
        await watched.RunAsync(100);
        watched.Source.Away = Refused;

        await watched.RunAsync(20 + 59);
        var waiting = watched.Verdict;
        await watched.RunAsync(3);

        Assert.Equal((FindingStatus.Inconclusive, false), (waiting.Status, waiting.Final));
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source, true), (watched.Verdict.Status, watched.Verdict.Code, watched.Verdict.Final));
    }

    [Fact]
    public async Task A_source_that_comes_back_in_time_gives_the_verdict_of_the_whole_window()
    {
        await using var watched = await UpgradedAsync(Good);
        await watched.RunAsync(100);
        watched.Source.Away = Refused;
        await watched.RunAsync(40);
        watched.Source.Away = null;

        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_source_that_was_gone_never_saw_has_not_vanished(bool isRestarted)
    {
        // 30 steps are not there even afterwards, nor is the one in which the source has not scraped anything yet.
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(50) && step <= WatchedUpgrade.StepAt(81) ? null : Good(step));
        await watched.RunAsync(50);
        watched.Source.Away = Refused;
        await watched.RunAsync(30);
        watched.Source.Away = null;
        if (isRestarted) await watched.RestartAsync();
        await watched.RunAsync(1);
        var back = watched.Verdict;
        await watched.RunAsync(30);

        Assert.NotEqual(FindingStatus.Fail, back.Status);
        Assert.Equal((FindingStatus.Warn, FindingCodes.Gaps), (watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task A_signal_that_is_refused_has_not_vanished()
    {
        await using var watched = await UpgradedAsync(Good);
        await watched.RunAsync(10);
        watched.Source.RefusedSignal = TooMany;

        await watched.RunAsync(60);

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Contains("too many samples", watched.Verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_that_were_refused_are_read_again_once_the_signal_is_answered()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(20) && step <= WatchedUpgrade.StepAt(50) ? Bad(step) : Good(step));
        await watched.RunAsync(20);
        watched.Source.RefusedSignal = TooMany;
        await watched.RunAsync(30);
        var reads = watched.Source.Reads.Count;
        watched.Source.RefusedSignal = null;

        await watched.RunAsync(2);

        // The errors were in the steps that were refused, and are over.
        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Equal(reads + 3, watched.Source.Reads.Count);
        Assert.DoesNotContain(await watched.SeriesAsync("error-ratio") is { } series ? series.Observed.Skip(1) : [], point => point.Value is null);
    }

    [Fact]
    public async Task A_window_waits_for_a_signal_that_is_refused_at_its_end_and_reads_it_then()
    {
        await using var watched = await UpgradedAsync(Good);
        await watched.RunAsync(100);
        watched.Source.RefusedSignal = TooMany;
        await watched.RunAsync(40);
        var waiting = watched.Verdict;
        watched.Source.RefusedSignal = null;

        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source, false), (waiting.Status, waiting.Code, waiting.Final));
        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
    }

    [Fact]
    public async Task A_window_waits_15_min_for_a_signal_that_stays_refused_and_then_is_inconclusive()
    {
        await using var watched = await UpgradedAsync(Good);
        await watched.RunAsync(100);
        watched.Source.RefusedSignal = TooMany;

        await watched.RunAsync(20 + 59);
        var waiting = watched.Verdict;
        await watched.RunAsync(3);

        Assert.False(waiting.Final);
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source, true), (watched.Verdict.Status, watched.Verdict.Code, watched.Verdict.Final));
        Assert.Contains("too many samples", watched.Verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_the_source_does_not_know_any_more_fails()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(50) ? null : Good(step));

        await watched.RunAsync(80);

        Assert.Equal((FindingStatus.Fail, FindingCodes.MetricVanished), (watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task A_source_that_answers_and_takes_in_nothing_is_inconclusive_and_nothing_has_vanished()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(50) && step <= WatchedUpgrade.StepAt(90) ? null : Good(step));
        watched.Source.IsBlind = step => step > WatchedUpgrade.StepAt(50) && step <= WatchedUpgrade.StepAt(88);
        await watched.RunAsync(53);
        var soon = watched.Verdict;
        await watched.RunAsync(35);
        var blind = watched.Verdict;
        await watched.RestartAsync();
        await watched.RunAsync(1);
        var restarted = watched.Verdict;
        await watched.RunAsync(20);

        Assert.NotEqual(FindingStatus.Fail, soon.Status);
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source), (blind.Status, blind.Code));
        Assert.Contains("has taken in no sample of any target since 12:12:30", blind.Summary, StringComparison.Ordinal);
        Assert.NotEqual(FindingStatus.Fail, restarted.Status);
        Assert.Equal((FindingStatus.Warn, FindingCodes.Gaps), (watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task A_metric_that_vanishes_while_others_are_taken_in_fails()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(50) ? null : Good(step));
        watched.Source.IsBlind = _ => false;

        await watched.RunAsync(80);

        Assert.Equal((FindingStatus.Fail, FindingCodes.MetricVanished), (watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task A_baseline_that_cannot_be_read_is_tried_again_and_frozen_once()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(Good);
        await watched.BeginAsync();
        await watched.RunAsync(1);
        await watched.MoveAsync(Phase.Upgrading);
        watched.Source.Away = Refused;
        await watched.RunAsync(10);
        var without = watched.Verdict;
        watched.Source.Away = null;
        await watched.MoveAsync(Phase.PostUpgrade);
        await watched.RunAsync(2);
        var frozen = watched.Upgrade.Baseline;
        watched.Source.Script = _ => null;
        await watched.RestartAsync();
        await watched.RunAsync(2);

        Assert.Equal((FindingStatus.Pending, FindingCodes.Baseline), (without.Status, without.Code));
        Assert.Contains("refused the connection", without.Summary, StringComparison.Ordinal);
        Assert.Equal(WatchedUpgrade.Start.AddSeconds(15), frozen!.Until);
        Assert.Equal(frozen, watched.Upgrade.Baseline);
        Assert.True(watched.Verdict.Findings.Single(f => f.Sli == "error-ratio").Result.BaselineSamples >= 240);
    }

    [Fact]
    public async Task A_window_that_ended_while_nobody_looked_waits_for_the_source_once_somebody_does()
    {
        await using var watched = await UpgradedAsync(Good);
        await watched.RunAsync(100);
        watched.Time.Advance(TimeSpan.FromHours(1));
        watched.Source.Away = Refused;
        await watched.RestartAsync();

        await watched.RunAsync(10);
        var waiting = watched.Verdict;
        watched.Source.Away = null;
        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Inconclusive, false), (waiting.Status, waiting.Final));
        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
    }
}
