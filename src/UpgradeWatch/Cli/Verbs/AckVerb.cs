using System.CommandLine;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch ack</c>: takes an SLI out of deciding an upgrade, or puts it back.</summary>
internal static class AckVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var sli = CliValues.Text("--sli", "SLI", "Name of the SLI, for instance error-ratio.");
        sli.Required = true;
        var reason = CliValues.Text("--reason", "TEXT", "Why; shown with the verdict, the report and the annotation.");
        var until = CliValues.Time("--until", "When it decides again, RFC 3339 or Unix seconds. Default: not at all");
        var takeBack = new Option<bool>("--take-back") { Description = "Have the SLI decide again." };
        var verb = new VerbCommand(
            "ack",
            "Take an SLI whose finding is wrong, or known, out of deciding an upgrade; the others decide.",
            "upgradewatch ack --target checkout --sli error-ratio --reason \"a bot, not the new version\"",
            "upgradewatch ack --target checkout --sli error-ratio --take-back");
        var upgrade = new UpgradeFeature(verb);
        foreach (var option in (Option[])[sli, reason, until, takeBack]) verb.Add(option);
        verb.Validators.Add(result =>
        {
            var isTakenBack = result.GetResult(takeBack) is { Implicit: false };
            if (!isTakenBack && result.GetResult(reason) is null) result.AddError("it is not said why; write --reason TEXT");
            if (isTakenBack && (result.GetResult(reason) ?? result.GetResult(until)) is not null) result.AddError("--take-back goes with neither --reason nor --until; leave them out");
        });
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, async client =>
        {
            var meant = await upgrade.FindAsync(parsed, client, token);
            var route = ApiRoutes.Acknowledge(meant.Id, parsed.GetRequiredValue(sli)!);
            var verdict = parsed.GetValue(takeBack)
                ? await client.DeleteAsync(route, ApiJson.Default.VerdictDocument, token)
                : await client.SendAsync(
                    HttpMethod.Post, route, new AcknowledgeRequest { Reason = parsed.GetValue(reason)!, Until = parsed.GetValue(until) },
                    ApiJson.Default.AcknowledgeRequest, ApiJson.Default.VerdictDocument, token);
            output.Write(parsed, context.Out, verdict, ApiJson.Default.VerdictDocument, writer => UpgradeText.WriteVerdict(writer, verdict));
            return ExitCodes.Done;
        }));
        return verb;
    }
}
