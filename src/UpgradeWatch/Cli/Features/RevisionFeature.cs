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
        ToVersion = begin.ToVersion,
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

    /// <summary>Refuses the option without a target.</summary>
    public static void RequireTarget(Command verb, Option<string?> revision, UpgradeFeature upgrade) => verb.Validators.Add(result =>
    {
        if (result.GetResult(revision) is not null && !upgrade.NamesTarget(result)) result.AddError("--revision needs --target NAME: the revision says which of its upgrades is meant");
    });

    /// <summary>Tells the server, and reads the upgrade that is meant.</summary>
    public static async Task<UpgradeDocument> TellAsync(ApiClient client, PipelineRequest request, CancellationToken cancellationToken)
    {
        var told = await SendAsync(client, request, cancellationToken);
        return await client.GetAsync(ApiRoutes.Upgrade(told.UpgradeId!), ApiJson.Default.UpgradeDocument, cancellationToken);
    }

    /// <summary>Tells the server that a revision is rolled out.</summary>
    public static Task<PipelineDocument> TellRolledOutAsync(ApiClient client, string target, string revision, CancellationToken cancellationToken) =>
        SendAsync(client, new PipelineRequest { Target = target, Revision = revision, Phase = "post-upgrade" }, cancellationToken);

    /// <summary>Whether the revision is the old version that was put back.</summary>
    public static bool IsBack(PipelineDocument told) => told is { Phase: "rolling-back" or "rolled-back", Gate: 200 };

    /// <summary>Tells the server and shows the upgrade.</summary>
    public static async Task<int> MoveAsync(ParseResult parsed, OutputFeature output, CliContext context, ApiClient client, PipelineRequest request, CancellationToken cancellationToken)
    {
        var moved = await TellAsync(client, request, cancellationToken);
        output.Write(parsed, context.Out, moved, ApiJson.Default.UpgradeDocument, writer => writer.WriteLine(UpgradeText.Line(moved)));
        return ExitCodes.Done;
    }

    private static Task<PipelineDocument> SendAsync(ApiClient client, PipelineRequest request, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Post, ApiRoutes.Hook, request, ApiJson.Default.PipelineRequest, ApiJson.Default.PipelineDocument, cancellationToken);
}
