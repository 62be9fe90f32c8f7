using UpgradeWatch.EndToEnd.Upgrades;
using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Rhythms;

/// <summary>A service whose latency is twice as large by day as by night, judged by what is usual at the hour.</summary>
public sealed class DailyRhythmTests(DailyUpgrades upgrades, ITestOutputHelper output) : IClassFixture<DailyUpgrades>
{
    private const string Usual = "is usual at this hour";

    [Theory]
    [InlineData("rising-good")]
    [InlineData("falling-good")]
    public void A_good_upgrade_on_a_slope_passes(string target)
    {
        var verdict = Seen(target);

        Assert.True(verdict is { ExitCode: 0, Status: "pass", IsFinal: true }, verdict.ToString());
        Assert.Contains(Usual, verdict.Of("latency-p95").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rise_of_an_hour_is_seen_as_what_was_to_be_expected()
    {
        var found = Seen("rising-good").Of("latency-p95");

        // In the hour around 18 % more than in the hour before, and what is usual then.
        Assert.InRange(found.ChangeRatio, 0.95, 1.05);
    }

    [Fact]
    public void Twenty_percent_more_latency_on_the_falling_slope_fails_although_it_is_what_it_was_an_hour_before()
    {
        var verdict = Seen("falling-slower");

        Assert.True(verdict is { ExitCode: 1, Status: "fail", Code: "level", IsFinal: true }, verdict.ToString());
        Assert.Equal("fail", verdict.Of("latency-p95").Status);
        foreach (var sli in (string[])["latency-p95", "latency-p99"])
        {
            var found = verdict.Of(sli);
            Assert.True(found is { Status: "fail" or "warn", Code: "level" }, verdict.ToString());
            Assert.InRange(found.ChangeRatio, 1.15, 1.25);
            Assert.Contains(Usual, found.Reason, StringComparison.Ordinal);
            Assert.Matches(@"of \d+ moments in the last \d+ days( and \d+ h)? when nothing was upgraded, none came this far", found.Reason);
        }

        // What is compared with the hour before sees nothing.
        Assert.InRange(verdict.Of("latency").ChangeRatio, 0.9, 1.1);
    }

    private SeenVerdict Seen(string target)
    {
        var verdict = upgrades.Of(target);
        output.WriteLine(verdict.ToString());
        return verdict;
    }
}
