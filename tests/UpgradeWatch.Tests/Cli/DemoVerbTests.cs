using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using UpgradeWatch.Cli;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Cli;

/// <summary>The demo's service alone: what it shows whoever watches it, and which options have no meaning with it.</summary>
public sealed partial class DemoVerbTests
{
    private const string Whole = " is about the whole story, which --service leaves to another UpgradeWatch; leave one of the two out";

    [Fact]
    public async Task The_service_alone_answers_under_load_and_tells_its_version_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        using var output = new Lines();
        using var error = new Lines();
        var running = CliApp.RunAsync(
            ["demo", "--service", "http://0.0.0.0:0", "--version", "1.5.0", "--scenario", "errors"], new CliContext { Out = output, Error = error }, stop.Token);
        await output.UntilAsync("until it is stopped", 1);
        var told = Line().Match(output.ToString());
        Assert.True(told.Success, output.ToString());
        Assert.Equal("1.5.0", told.Groups["version"].Value);

        // Whoever connects from elsewhere comes in by any interface; here loopback stands for it.
        using var client = new HttpClient();
        using (var page = await client.GetAsync(new Uri(told.Groups["page"].Value))) Assert.True((int)page.StatusCode is 200 or 500);
        var metrics = new Uri(told.Groups["metrics"].Value);
        await Readiness.UntilAsync(
            async () => FailedRequest().IsMatch(await client.GetStringAsync(metrics)), () => null, () => "no request of the load has failed", CancellationToken.None);
        var exposed = await client.GetStringAsync(metrics);
        Assert.Contains("shop_build_info{version=\"1.5.0\"} 1", exposed, StringComparison.Ordinal);
        Assert.Contains("process_start_time_seconds", exposed, StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Done, await running);
        Assert.Equal("", error.ToString());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(metrics));
    }

    [Fact]
    public async Task Without_more_words_it_is_the_old_version_and_does_nothing_wrong()
    {
        using var stop = new CancellationTokenSource();
        using var output = new Lines();
        var running = CliApp.RunAsync(["demo", "--service", "http://127.0.0.1:0"], new CliContext { Out = output, Error = TextWriter.Null }, stop.Token);
        await output.UntilAsync("until it is stopped", 1);
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Done, await running);
        Assert.Equal("1.4.2", Line().Match(output.ToString()).Groups["version"].Value);
        Assert.Contains("answers 120 requests a second", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_of_the_load_stays_away_where_the_scenario_says_so()
    {
        using var stop = new CancellationTokenSource();
        using var output = new Lines();
        var running = CliApp.RunAsync(
            ["demo", "--service", "http://127.0.0.1:0", "--scenario", "traffic-drop"], new CliContext { Out = output, Error = TextWriter.Null }, stop.Token);
        await output.UntilAsync("answers 60 requests a second", 1);
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Done, await running);
    }

    [Fact]
    public async Task As_JSON_standard_output_stays_empty()
    {
        using var stop = new CancellationTokenSource();
        using var output = new Lines();
        using var error = new Lines();
        var running = CliApp.RunAsync(["demo", "--service", "http://127.0.0.1:0", "--output", "json"], new CliContext { Out = output, Error = error }, stop.Token);
        await error.UntilAsync("until it is stopped", 1);
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Done, await running);
        Assert.Equal("", output.ToString());
    }

    [Theory]
    [InlineData("--service|http://127.0.0.1:0|--keep", "--keep" + Whole)]
    [InlineData("--service|http://127.0.0.1:0|--report|review.json", "--report" + Whole)]
    [InlineData("--service|http://127.0.0.1:0|--urls|http://127.0.0.1:0", "--urls" + Whole)]
    [InlineData("--service|127.0.0.1:0", "--service: '127.0.0.1:0' is not an address to listen at; it must look like http://127.0.0.1:8080")]
    [InlineData("--service|http://127.0.0.1:0/checkout", "--service: 'http://127.0.0.1:0/checkout' is not an address to listen at; it must look like http://127.0.0.1:8080")]
    [InlineData("--service|https://127.0.0.1:0", "--service: 'https://127.0.0.1:0' asks for https; the demo's service speaks http")]
    [InlineData("--version|1.5.0", "--version is that of a service that runs alone; add --service http://127.0.0.1:8081, or leave it out")]
    public async Task What_has_no_meaning_together_is_told_and_gives_2(string options, string message)
    {
        var run = await CliRun.OfAsync(["demo", .. options.Split('|')]);

        Assert.Equal((2, "", $"upgradewatch: {message}\n"), (run.ExitCode, run.Out, run.Error));
    }

    [Theory]
    [InlineData("--service|http://127.0.0.1:0|--version|", "--version is \"\"; write a text that is not empty")]
    [InlineData("--service|http://127.0.0.1:0|--scenario|eror", "--scenario is \"eror\"; did you mean errors? Write one of good, errors, latency, latency-tail, traffic-drop, metrics-vanish")]
    [InlineData("--service", "Required argument missing for option: '--service'.")]
    public async Task A_value_that_is_none_is_told_and_gives_2(string options, string message)
    {
        var run = await CliRun.OfAsync(["demo", .. options.Split('|')]);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Equal($"upgradewatch: {message}", run.Error.Split('\n')[0]);
    }

    [Fact]
    public async Task An_address_that_somebody_has_is_told_and_gives_2()
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();

        var run = await CliRun.OfAsync("demo", "--service", $"http://{somebody.LocalEndpoint}");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("address already in use", run.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex("^shop (?<version>[^ ]+) answers .* at (?<page>http://127\\.0\\.0\\.1:[0-9]+/checkout) and shows its metrics at (?<metrics>http://127\\.0\\.0\\.1:[0-9]+/metrics), until it is stopped", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("http_response_status_code=\"500\"[^\n]*\\} [1-9]")]
    private static partial Regex FailedRequest();
}
