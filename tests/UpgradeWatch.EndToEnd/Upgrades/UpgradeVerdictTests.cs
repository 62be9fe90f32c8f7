using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>What the command line says about upgrades of real services under real load.</summary>
[Collection(LoadCollection.Name)]
public sealed class UpgradeVerdictTests(LoadFixture load, ITestOutputHelper output)
{
    /// <summary>Every good upgrade through every source.</summary>
    public static IEnumerable<object[]> GoodUpgrades =>
        from source in Enum.GetValues<Source>()
        from upgrade in UpgradeRun.Good
        select new object[] { source, upgrade.Name };

    [Theory]
    [MemberData(nameof(GoodUpgrades))]
    public async Task A_good_upgrade_passes(Source source, string target)
    {
        var results = await load.UpgradesAsync();
        var verdict = results.First[(source, target)];
        output.WriteLine(verdict.ToString());

        Assert.True(verdict is { ExitCode: 0, Status: "pass", IsFinal: true }, verdict.ToString());
    }

    [Theory]
    [InlineData(Source.Prometheus)]
    [InlineData(Source.Scrape)]
    public async Task Three_percent_of_errors_fail(Source source)
    {
        var found = await FailAsync(source, "errors", "error-ratio", "level");

        // Over the last 8 steps, some 1,400 requests: four standard deviations to each side.
        Assert.InRange(found.Current, 0.012, 0.048);
        Assert.Equal(0, found.Baseline, 0.001);
    }

    [Theory]
    [InlineData(Source.Prometheus)]
    [InlineData(Source.Scrape)]
    public async Task Forty_percent_more_latency_fails(Source source)
    {
        var found = await FailAsync(source, "slower", "latency", "level");

        Assert.InRange(found.ChangeRatio, 1.25, 1.75);
    }

    [Theory]
    [InlineData(Source.Prometheus)]
    [InlineData(Source.Scrape)]
    public async Task One_request_in_a_hundred_ten_times_slower_fails(Source source)
    {
        var found = await FailAsync(source, "slow-tail", "latency", "level");

        // Of some 3,800 requests 0.5 to 1.5 % are slow, within three standard deviations. With so few the 99th percentile
        // goes from 0.51 s to 0.56 s; with so many it is the 32nd percentile of the slow ones, 1.66 s.
        Assert.InRange(found.ChangeRatio, 1.1, 3.3);
        Assert.Contains("p99", found.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Source.Prometheus)]
    [InlineData(Source.Scrape)]
    public async Task Half_the_traffic_gone_fails(Source source)
    {
        var found = await FailAsync(source, "less-traffic", "traffic", "level");

        Assert.InRange(found.ChangeRatio, 0.42, 0.58);
    }

    [Theory]
    [InlineData(Source.Prometheus)]
    [InlineData(Source.Scrape)]
    public async Task A_service_that_is_down_fails(Source source) => await FailAsync(source, "down", "traffic", "target-down");

    [Theory]
    [InlineData(Source.Prometheus)]
    [InlineData(Source.Scrape)]
    public async Task Metrics_that_the_new_version_renamed_fail_and_their_new_name_is_told(Source source)
    {
        var found = await FailAsync(source, "renamed", "traffic", "metric-vanished");

        Assert.Contains("web_http_server_request_duration_seconds", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hardly_a_sample_is_fetched_twice()
    {
        var results = await load.UpgradesAsync();
        var verdicts = results.Last.Where(last => last.Key.Source == Source.Prometheus).Select(last => last.Value).ToList();
        var slis = verdicts.Sum(verdict => verdict.Findings.Count());

        // 15 buckets, the errors, what is up, processor time and memory.
        var seriesSteps = verdicts.Count * (UpgradeRun.BaselineSeconds + UpgradeRun.ObservationSeconds) * 19.0;
        output.WriteLine($"{slis} SLIs of {verdicts.Count} targets for {UpgradeRun.ObservationSeconds} steps: {Counted(results.Watching)}; altogether {Counted(results.Total)}, at most {seriesSteps} there are");

        Assert.True(slis >= 100, $"only {slis} SLIs");

        // When the counting begins some steps have been fetched and not yet taken.
        Assert.InRange(results.Watching.Fetched / results.Watching.Needed, 0.99, 1.05);
        Assert.InRange(results.Total.Fetched / results.Total.Needed, 1, 1.05);
        Assert.InRange(results.Total.Fetched / seriesSteps, 0, 1.05);
    }

    private static string Counted(SampleCounts counts) => $"{counts.Fetched} fetched, {counts.Needed} needed, {counts.Fetched / counts.Needed:0.0000}";

    // The first wait ends with the failure, and so does the one that waits for the end of the window.
    private async Task<SeenVerdict.Finding> FailAsync(Source source, string target, string sli, string code)
    {
        var results = await load.UpgradesAsync();
        var (first, last) = (results.First[(source, target)], results.Last[(source, target)]);
        output.WriteLine($"{first}\n{last}");

        Assert.True(first is { ExitCode: 1, Status: "fail" }, first.ToString());
        Assert.True(last is { ExitCode: 1, Status: "fail", IsFinal: true }, last.ToString());
        var found = last.Of(sli);
        Assert.True(found.Status == "fail" && found.Code == code, last.ToString());
        return found;
    }
}
