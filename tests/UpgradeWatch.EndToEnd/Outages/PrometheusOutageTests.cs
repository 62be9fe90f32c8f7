using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Outages;

[Collection(LoadCollection.Name)]
public sealed class PrometheusOutageTests(LoadFixture load, ITestOutputHelper output)
{
    [Fact]
    public async Task While_Prometheus_is_gone_the_verdict_is_inconclusive_and_says_why()
    {
        var results = await load.OutageAsync();

        foreach (var (target, verdict) in results.During)
        {
            var summary = verdict.GetProperty("summary").GetString()!;
            output.WriteLine($"{target}: {summary}");
            Assert.Equal("source", verdict.GetProperty("code").GetString());
            Assert.Contains("Prometheus", summary, StringComparison.Ordinal);
            Assert.False(verdict.GetProperty("final").GetBoolean());
        }
    }

    [Fact]
    public async Task After_Prometheus_is_back_the_good_upgrade_passes()
    {
        var verdict = (await load.OutageAsync()).Good;
        output.WriteLine(verdict.ToString());

        Assert.True(verdict is { ExitCode: 0, Status: "pass", IsFinal: true }, verdict.ToString());
    }

    [Fact]
    public async Task After_Prometheus_is_back_the_upgrade_that_turned_bad_meanwhile_fails()
    {
        var verdict = (await load.OutageAsync()).Bad;
        output.WriteLine(verdict.ToString());

        Assert.True(verdict is { ExitCode: 1, Status: "fail" }, verdict.ToString());
        Assert.Equal(("fail", "level"), (verdict.Of("error-ratio").Status, verdict.Of("error-ratio").Code));
    }
}
