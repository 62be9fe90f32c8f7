using System.CommandLine;
using System.CommandLine.Parsing;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Features;

/// <summary>The options <c>--target NAME|--upgrade ID</c>: which upgrade is meant.</summary>
internal sealed class UpgradeFeature
{
    private readonly Option<string?> _target = CliValues.Text("--target", "NAME", "Name of the target: its newest upgrade is meant.");
    private readonly Option<string?> _upgrade = CliValues.Text("--upgrade", "ID", "Id of the upgrade.");

    /// <summary>Adds the options to a verb.</summary>
    public UpgradeFeature(Command command, bool required = true)
    {
        command.Add(_target);
        command.Add(_upgrade);
        command.Validators.Add(result =>
        {
            var given = (result.GetResult(_target) is null ? 0 : 1) + (result.GetResult(_upgrade) is null ? 0 : 1);
            if (given == 2) result.AddError("--target and --upgrade are both given; write one of them");
            if (given == 0 && required) result.AddError("it is not said which upgrade is meant; write --target NAME or --upgrade ID");
        });
    }

    /// <summary>Whether an upgrade was named.</summary>
    public bool IsGiven(ParseResult parsed) => (parsed.GetValue(_target) ?? parsed.GetValue(_upgrade)) is not null;

    /// <summary>Whether a target is named.</summary>
    public bool NamesTarget(CommandResult result) => result.GetResult(_target) is not null;

    /// <summary>The target that is named; null for none.</summary>
    public string? TargetIn(ParseResult parsed) => parsed.GetValue(_target);

    /// <summary>Asks for the upgrade that is meant.</summary>
    /// <exception cref="ApiException">There is none, or the server does not answer.</exception>
    public async Task<UpgradeDocument> FindAsync(ParseResult parsed, ApiClient client, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_upgrade) is { } id) return await client.GetAsync(ApiRoutes.Upgrade(id), ApiJson.Default.UpgradeDocument, cancellationToken);
        var target = parsed.GetValue(_target)!;
        var newest = await client.GetAsync(ApiRoutes.NewestOf(target), ApiJson.Default.UpgradeListDocument, cancellationToken);
        if (newest.Items.Count > 0) return newest.Items[0];

        // The same question where the server says whether it knows the target at all.
        await client.GetAsync(ApiRoutes.VerdictOfTarget(target), ApiJson.Default.VerdictDocument, cancellationToken);
        throw new ApiException(ExitCodes.Refused, $"the target {target} has no upgrade yet; begin one with: upgradewatch begin --target {target} --to VERSION");
    }
}
