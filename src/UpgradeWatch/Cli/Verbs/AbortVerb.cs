using System.CommandLine;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch abort</c>: moves an upgrade to <c>aborted</c>.</summary>
internal static class AbortVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var reason = Move.ReasonOption();
        var verb = new VerbCommand(
            "abort",
            "Give up an upgrade. Its verdict becomes final and inconclusive.",
            "upgradewatch abort --target checkout --reason \"checkout fails for cards\"");
        var upgrade = new UpgradeFeature(verb);
        verb.Add(reason);
        var server = new ServerFeature(verb, context);
        verb.SetAction((parsed, token) => server.RunAsync(parsed, client =>
        {
            var request = new AdvanceRequest { Phase = Phase.Aborted.ToText(), Reason = parsed.GetValue(reason) };
            return Move.RunAsync(parsed, context, output, upgrade, client, request, token);
        }));
        return verb;
    }
}
