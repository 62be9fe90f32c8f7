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
        var verb = new VerbCommand(
            "demo",
            "Upgrade a small service under load and watch it, in about a minute. The exit code is the verdict's.",
            "upgradewatch demo",
            "upgradewatch demo --scenario errors",
            "upgradewatch demo --scenario latency-tail --report review.json --keep")
        {
            scenario, keep, report, urls,
        };
        verb.SetAction(async (parsed, token) =>
        {
            var file = parsed.GetValue(report);
            var settings = Settings(parsed.GetValue(urls));
            if (Mistake(file, settings) is { } mistake)
            {
                context.Say(mistake);
                return ExitCodes.Usage;
            }

            var story = output.IsJson(parsed) ? context.Error : context.Out;
            var name = parsed.GetValue(scenario) ?? "good";
            var run = new DemoRun(name, DemoScenario.Find(name)!.Value, settings, context.Time, story.WriteLine);
            var ended = await run.RunAsync((host, upgrade) => AfterwardsAsync(host, upgrade, file, parsed.GetValue(keep), story, token), token);
            if (output.IsJson(parsed)) output.Write(parsed, context.Out, new Documents(new()).Verdict(ended), ApiJson.Default.VerdictDocument, _ => { });
            return ExitCodes.Of(ended.Verdict.Status);
        });
        return verb;
    }

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
