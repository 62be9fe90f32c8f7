using System.CommandLine;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Configuration;
using UpgradeWatch.Demo;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Hosting;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch demo</c>: the whole story in about a minute, with nothing else installed.</summary>
internal static class DemoVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var scenario = CliValues.Choice("--scenario", "What the new version does wrong. Default: good.", DemoScenario.Names);
        var keep = new Option<bool>("--keep") { Description = "Leave API and metrics up afterwards, until Ctrl-C." };
        var report = CliValues.Text("--report", "FILE.json", "Write the post-implementation review as JSON.");
        var urls = CliValues.Text("--urls", "URLS", "Addresses of the API, separated by semicolons. Default: a free port on the loopback interface.");
        var service = CliValues.Text("--service", "URL", "Run the service alone, with load on it, listening there until it is stopped, to be watched by another UpgradeWatch. Its shop_build_info tells its version.");
        var version = CliValues.Text("--version", "VERSION", $"With --service: the version that it says it is. Default: {DemoRelease.OldVersion}.");
        var verb = new VerbCommand(
            "demo",
            "Upgrade a small service under load and watch it, in about a minute. The exit code is the verdict's.",
            "upgradewatch demo",
            "upgradewatch demo --scenario errors",
            "upgradewatch demo --scenario latency-tail --report review.json --keep",
            "upgradewatch demo --service http://127.0.0.1:8081 --version 1.5.0 --scenario errors")
        {
            scenario, keep, report, urls, service, version,
        };
        verb.SetAction(async (parsed, token) =>
        {
            var name = parsed.GetValue(scenario) ?? "good";
            var story = output.IsJson(parsed) ? context.Error : context.Out;
            if (parsed.GetValue(service) is { } alone)
            {
                var whole = new Option[] { keep, report, urls }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
                return await RunServiceAsync(context, alone, whole?.Name, new(parsed.GetValue(version) ?? DemoRelease.OldVersion, DemoScenario.Find(name)!.Value), story, token);
            }

            var file = parsed.GetValue(report);
            var settings = Settings(parsed.GetValue(urls));
            if ((parsed.GetValue(version) is null ? Mistake(file, settings) : "--version is that of a service that runs alone; add --service http://127.0.0.1:8081, or leave it out") is { } mistake)
            {
                context.Say(mistake);
                return ExitCodes.Usage;
            }

            var run = new DemoRun(name, DemoScenario.Find(name)!.Value, settings, context.Time, story.WriteLine);
            var ended = await run.RunAsync((host, upgrade) => AfterwardsAsync(host, upgrade, file, parsed.GetValue(keep), story, token), token);
            if (output.IsJson(parsed)) output.Write(parsed, context.Out, new Documents(new()).Verdict(ended), ApiJson.Default.VerdictDocument, _ => { });
            return ExitCodes.Of(ended.Verdict.Status);
        });
        return verb;
    }

    private static async Task<int> RunServiceAsync(CliContext context, string url, string? wholeStory, DemoRelease release, TextWriter story, CancellationToken cancellationToken)
    {
        if (ServiceMistake(url, wholeStory) is { } mistake)
        {
            context.Say(mistake);
            return ExitCodes.Usage;
        }

        try
        {
            await new DemoShop(ListenAddress.Parse(url), release, context.Time).RunAsync(story.WriteLine, cancellationToken);
            return ExitCodes.Done;
        }
        catch (IOException taken)
        {
            context.Say(taken.Message);
            return ExitCodes.Usage;
        }
    }

    private static string? ServiceMistake(string url, string? wholeStory) =>
        wholeStory is not null ? $"{wholeStory} is about the whole story, which --service leaves to another UpgradeWatch; leave one of the two out"
        : !ListenAddress.TryParse(url, out var address, out var mistake) ? $"--service: {mistake}"
        : address.IsHttps ? $"--service: '{url}' asks for https; the demo's service speaks http"
        : null;

    private static ServeSettings Settings(string? urls) => new()
    {
        Urls = urls?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? ["http://127.0.0.1:0"],
        MetricsUrls = ["http://127.0.0.1:0"],
        LogLevel = LogLevel.Error,
    };

    private static string? Mistake(string? report, ServeSettings settings) =>
        report is not null && !report.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? $"--report is '{report}'; this version writes the report as JSON only, to a name that ends in .json"
            : settings.FindMistake(new AuthOptions());

    private static async Task AfterwardsAsync(ServeHost host, Upgrade upgrade, string? report, bool keep, TextWriter story, CancellationToken cancellationToken)
    {
        if (report is not null)
        {
            using var client = new HttpClient { BaseAddress = host.ApiUrls[0] };
            await File.WriteAllTextAsync(report, await client.GetStringAsync($"api/v1/upgrades/{upgrade.Id}/report", cancellationToken), cancellationToken);
            story.WriteLine($"report written to {report}");
        }

        if (!keep) return;
        story.WriteLine($"still answering at {host.ApiUrls[0]}api/v1/upgrades/{upgrade.Id}/verdict, until Ctrl-C");
        await host.WaitForShutdownAsync(cancellationToken);
    }
}
