using System.CommandLine;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Features;

/// <summary>The option <c>--revision</c>, for pipelines whose steps may run twice: the same revision means the same upgrade.</summary>
internal static class RevisionFeature
{
    /// <summary>The option.</summary>
    public static Option<string?> Option() => CliValues.Text(
        "--revision", "REVISION", "What a pipeline rolls out, such as a commit: the same revision means the same upgrade, so that a step that runs twice changes nothing.");

    /// <summary>An opening as a pipeline tells it.</summary>
    public static PipelineRequest Request(BeginRequest begin, string revision) => new()
    {
        Target = begin.Target,
        Revision = revision,
        Phase = begin.Phase ?? "pre-upgrade",
        Version = begin.ToVersion,
        FromVersion = begin.FromVersion,
        At = begin.At,
        Owner = begin.Owner,
        ObservationWindowSeconds = begin.ObservationWindowSeconds,
        Supersede = begin.Supersede,
    };

    /// <summary>A move as a pipeline tells it.</summary>
    public static PipelineRequest Request(string target, AdvanceRequest move, string revision) => new()
    {
        Target = target,
        Revision = revision,
        Phase = move.Phase,
        At = move.At,
        Reason = move.Reason,
    };

    /// <summary>Tells the server, and reads the upgrade that is meant.</summary>
    public static async Task<UpgradeDocument> TellAsync(ApiClient client, PipelineRequest request, CancellationToken cancellationToken)
    {
        var told = await client.SendAsync(HttpMethod.Post, ApiRoutes.Hook, request, ApiJson.Default.PipelineRequest, ApiJson.Default.PipelineDocument, cancellationToken);
        return await client.GetAsync(ApiRoutes.Upgrade(told.UpgradeId!), ApiJson.Default.UpgradeDocument, cancellationToken);
    }

    /// <summary>Tells the server and shows the upgrade.</summary>
    public static async Task<int> MoveAsync(ParseResult parsed, OutputFeature output, CliContext context, ApiClient client, PipelineRequest request, CancellationToken cancellationToken)
    {
        var moved = await TellAsync(client, request, cancellationToken);
        output.Write(parsed, context.Out, moved, ApiJson.Default.UpgradeDocument, writer => writer.WriteLine(UpgradeText.Line(moved)));
        return ExitCodes.Done;
    }
}
