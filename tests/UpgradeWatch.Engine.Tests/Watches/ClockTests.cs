using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using static UpgradeWatch.Engine.Tests.Watches.Scripted;
using static UpgradeWatch.Engine.Tests.Watches.WatchedUpgrade;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>Clocks that jump, and a process that was held: for it that is the same.</summary>
public sealed class ClockTests
{
    private static readonly EvaluationOptions Hours = new() { ObservationSeconds = 4 * 3600 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Held_for_ten_minutes_it_says_nothing_good_until_it_has_looked_and_then_knows_all(bool turnsBad)
    {
        var held = WatchedUpgrade.StepAt(60);
        await using var watched = await UpgradedAsync(step => turnsBad && step > held + 10 ? Bad(step) : Good(step), Hours);
        await watched.RunAsync(60);
        Assert.Equal(FindingStatus.Pass, watched.Verdict.Status);

        watched.Time.AdjustTime(watched.Time.GetUtcNow().AddMinutes(10));
        var first = watched.Service.AsReadNow(watched.Upgrade).Verdict;
        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Stale), (first.Status, first.Code));
        Assert.Equal(turnsBad ? FindingStatus.Fail : FindingStatus.Pass, watched.Service.AsReadNow(watched.Upgrade).Verdict.Status);
        Assert.Equal(watched.Time.GetUtcNow().AddSeconds(-15), watched.Verdict.ObservedUntil);
        var read = watched.Source.Reads.Where(r => r.First > WatchedUpgrade.StepAt(0)).SelectMany(r => Enumerable.Range(0, (int)(r.Last - r.First + 1)).Select(i => r.First + i)).ToList();
        Assert.Equal(read.Distinct(), read);
    }

    [Theory]
    [InlineData(false, FindingStatus.Pass)]
    [InlineData(true, FindingStatus.Fail)]
    public async Task A_clock_that_was_ahead_for_a_while_fails_nobody_and_what_it_missed_is_read_once_it_is_right(bool turnsBad, FindingStatus expected)
    {
        // The source has what has really happened, and not more.
        var now = Start;
        await using var watched = await UpgradedAsync(
            step => IsAhead(step) ? null : turnsBad && step > WatchedUpgrade.StepAt(60) ? Bad(step) : Good(step), Hours);
        watched.Source.IsBlind = IsAhead;
        await PassAsync(60, TimeSpan.Zero);
        Assert.Equal(FindingStatus.Pass, watched.Verdict.Status);

        watched.Time.AdjustTime(now.AddMinutes(10));
        await PassAsync(4, TimeSpan.FromMinutes(10));
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source), (watched.Verdict.Status, watched.Verdict.Code));
        watched.Time.AdjustTime(now);
        await PassAsync(12, TimeSpan.Zero);

        Assert.Equal(expected, watched.Verdict.Status);
        Assert.Equal(now.AddSeconds(-15), watched.Verdict.ObservedUntil);

        bool IsAhead(long step) => DateTimeOffset.FromUnixTimeSeconds(step * 15) > now;

        async Task PassAsync(int steps, TimeSpan ahead)
        {
            for (var i = 0; i < steps; i++)
            {
                now = watched.Time.GetUtcNow().AddSeconds(15) - ahead;
                await watched.RunAsync(1);
            }
        }
    }

    [Fact]
    public async Task A_clock_that_is_set_back_is_said_and_passes_nothing_until_it_is_right_again()
    {
        await using var watched = await UpgradedAsync(Good, Hours);
        await watched.RunAsync(60);
        var right = watched.Time.GetUtcNow();

        watched.Time.AdjustTime(right.AddMinutes(-10));
        await watched.RunAsync(4);
        var back = watched.Verdict;
        watched.Time.AdjustTime(right.AddMinutes(1));
        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Source), (back.Status, back.Code));
        Assert.Contains("the clock was set back", back.Summary, StringComparison.Ordinal);
        Assert.Equal(FindingStatus.Pass, watched.Verdict.Status);
    }

    [Fact]
    public async Task A_look_in_a_time_that_has_not_come_is_none_that_anybody_relies_on()
    {
        await using var watched = await UpgradedAsync(Good, Hours);
        await watched.RunAsync(60);

        watched.Time.AdjustTime(watched.Time.GetUtcNow().AddHours(-1));
        await watched.WaitAsync(TimeSpan.FromMinutes(30));
        var read = watched.Service.AsReadNow(watched.Upgrade).Verdict;

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Stale), (read.Status, read.Code));
        Assert.Contains("the clock was set back", read.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_by_seconds_is_nothing_to_speak_of()
    {
        await using var watched = await UpgradedAsync(Good, Hours);
        await watched.RunAsync(60);

        watched.Time.AdjustTime(watched.Time.GetUtcNow().AddSeconds(-40));
        await watched.RunAsync(1);

        Assert.Equal(FindingStatus.Pass, watched.Verdict.Status);
    }
}
