using System.CommandLine;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary>What the verbs that move an upgrade have in common.</summary>
internal static class Move
{
    /// <summary>The option <c>--reason</c>.</summary>
    public static Option<string?> ReasonOption() => CliValues.Text("--reason", "TEXT", "Why; kept in the upgrade's history.");

    /// <summary>Moves the upgrade that is meant and shows it.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, CliContext context, OutputFeature output, UpgradeFeature upgrade, ApiClient client, AdvanceRequest request, CancellationToken cancellationToken)
    {
        var meant = await upgrade.FindAsync(parsed, client, cancellationToken);
        var moved = await client.SendAsync(HttpMethod.Post, ApiRoutes.Phase(meant.Id), request, ApiJson.Default.AdvanceRequest, ApiJson.Default.UpgradeDocument, cancellationToken);
        foreach (var warning in moved.Warnings) context.Say(warning);
        output.Write(parsed, context.Out, moved, ApiJson.Default.UpgradeDocument, writer => writer.WriteLine(UpgradeText.Line(moved)));
        return ExitCodes.Done;
    }
}
