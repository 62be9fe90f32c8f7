using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Intervals;

/// <summary>Scrapes a second, 15 s and a minute apart.</summary>
public sealed class ScrapeIntervalTests(PastUpgrades past, ITestOutputHelper output) : IClassFixture<PastUpgrades>
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(60)]
    public void Good_upgrades_pass(double interval)
    {
        for (var i = 1; i <= PastUpgrades.GoodOnes; i++)
        {
            var verdict = past.Of($"good-{i}", interval);
            output.WriteLine(verdict.ToString());

            Assert.True(verdict is { ExitCode: 0, Status: "pass", IsFinal: true }, verdict.ToString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(60)]
    public void Three_percent_of_errors_fail(double interval)
    {
        var verdict = past.Of("errors", interval);
        output.WriteLine(verdict.ToString());

        Assert.True(verdict is { ExitCode: 1, Status: "fail", Code: "level", IsFinal: true }, verdict.ToString());
        Assert.Equal("fail", verdict.Of("error-ratio").Status);
        // Over the last 8 steps, 1,600 requests or more: four standard deviations to each side.
        Assert.InRange(verdict.Of("error-ratio").Current, 0.013, 0.047);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(60)]
    public void Forty_percent_more_latency_fails(double interval)
    {
        var verdict = past.Of("slower", interval);
        output.WriteLine(verdict.ToString());

        Assert.True(verdict is { ExitCode: 1, Status: "fail", Code: "level", IsFinal: true }, verdict.ToString());
        Assert.Equal("fail", verdict.Of("latency").Status);
        Assert.InRange(verdict.Of("latency").ChangeRatio, 1.25, 1.75);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(60)]
    public void One_request_in_a_hundred_ten_times_slower_fails(double interval)
    {
        var verdict = past.Of("slow-tail", interval);
        output.WriteLine(verdict.ToString());

        Assert.True(verdict is { ExitCode: 1, Status: "fail", Code: "level", IsFinal: true }, verdict.ToString());
        Assert.Equal("fail", verdict.Of("latency").Status);
        Assert.Contains("p99", verdict.Of("latency").Reason, StringComparison.Ordinal);
    }
}
