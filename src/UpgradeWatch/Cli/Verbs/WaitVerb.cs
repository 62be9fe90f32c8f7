using System.CommandLine;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch wait</c>: waits for the verdict and answers with its exit code.</summary>
internal static class WaitVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var timeout = CliValues.Duration("--timeout", "How long to wait at most, for instance 90m. Default: until the observation window ends and 20 min more");
        var toTheEnd = new Option<bool>("--to-the-end") { Description = "Wait until the verdict is final, also when it fails earlier." };
        var revision = CliValues.Text(
            "--revision", "REVISION", "What a pipeline has rolled out: it is told to be in post-upgrade before, and its verdict is waited for. Putting an old version back is held up by nothing.");
        var verb = new VerbCommand(
            "wait",
            "Wait until the verdict is final, or fails. The exit code is the verdict's: pass or warn 0, fail 1, inconclusive 3, timed out 5.",
            "upgradewatch wait --target checkout",
            "upgradewatch wait --target checkout --timeout 2h --to-the-end",
            "upgradewatch wait --target checkout --revision \"$COMMIT\"",
            "upgradewatch wait --target checkout || upgradewatch rollback --target checkout --reason \"verdict $?\"");
        var upgrade = new UpgradeFeature(verb);
        verb.Add(timeout);
        verb.Add(toTheEnd);
        verb.Add(revision);
        RevisionFeature.RequireTarget(verb, revision, upgrade);
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, async client =>
        {
            var told = parsed.GetValue(revision) is { } rolledOut ? await RevisionFeature.TellRolledOutAsync(client, upgrade.TargetIn(parsed)!, rolledOut, token) : null;
            if (told is not null && RevisionFeature.IsBack(told))
            {
                output.Write(parsed, context.Out, told, ApiJson.Default.PipelineDocument, writer => writer.WriteLine(told.Summary));
                return ExitCodes.Done;
            }

            var waiting = new VerdictWait(context, client, told?.UpgradeId ?? (await upgrade.FindAsync(parsed, client, token)).Id)
            {
                Timeout = parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                ToTheEnd = parsed.GetValue(toTheEnd),
            };
            var (verdict, exitCode) = await waiting.RunAsync(token);
            if (verdict is not null) output.Write(parsed, context.Out, verdict, ApiJson.Default.VerdictDocument, writer => UpgradeText.WriteVerdict(writer, verdict));
            return exitCode;
        }));
        return verb;
    }
}
