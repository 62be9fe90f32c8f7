using System.CommandLine;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Live;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Configuration;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch config check|schema</c>: tells every mistake of a configuration, prints its schema.</summary>
internal static class ConfigVerb
{
    public static Command Create(CliContext context, OutputFeature output) => new VerbCommand(
        "config",
        "Check the configuration, or print its JSON Schema.",
        "upgradewatch config check upgradewatch.yaml --live",
        "upgradewatch config schema > upgradewatch.schema.json")
    {
        CreateCheck(context, output),
        CreateSchema(context),
    };

    private static VerbCommand CreateCheck(CliContext context, OutputFeature output)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = $"The configuration file. Default: {ConfigFile.Usual} in the working directory; environment variables UPGRADEWATCH__... are laid over it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var live = new Option<bool>("--live") { Description = "Also ask Prometheus, the targets and Grafana: run every query on windows as long as an upgrade's and show what it gives. The exit code is 1 when something is missing." };
        var verb = new VerbCommand(
            "check",
            "Tell every mistake of the configuration with its line, and what to write instead.",
            "upgradewatch config check",
            "upgradewatch config check /etc/upgradewatch/upgradewatch.yaml --live",
            "UPGRADEWATCH__PROMETHEUS__URL=http://127.0.0.1:9090 upgradewatch config check --output json") { file, live };
        verb.SetAction(async (parsed, token) =>
        {
            var name = ConfigFile.Find(parsed.GetValue(file));
            var result = ConfigLoader.LoadFile(name);
            var report = ConfigReport.ToJson(name, result);
            var exitCode = result.Options is null ? ExitCodes.Usage : ExitCodes.Done;
            if (!output.IsJson(parsed)) ConfigReport.Write(context, name, result);
            if (result.Options is { } options && parsed.GetValue(live))
            {
                var found = await new LiveRun(options, context.Time).RunAsync(token);
                report["live"] = LiveReport.ToJson(found);
                if (!output.IsJson(parsed)) LiveReport.Write(context.Out, found);
                if (!found.IsGood) exitCode = ExitCodes.Failed;
            }

            if (output.IsJson(parsed)) context.Out.WriteLine(ConfigReport.Print(report));
            return exitCode;
        });
        return verb;
    }

    private static VerbCommand CreateSchema(CliContext context)
    {
        var verb = new VerbCommand(
            "schema",
            "Print the JSON Schema (draft 2020-12) of the configuration, for editors; always JSON.",
            "upgradewatch config schema > upgradewatch.schema.json");
        verb.SetAction(_ =>
        {
            context.Out.Write(ConfigSchema.Print());
            return ExitCodes.Done;
        });
        return verb;
    }
}
