using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http.Hooks;

/// <summary>What a pipeline is answered.</summary>
/// <param name="instance">Where people and tools reach this UpgradeWatch.</param>
internal sealed class PipelineDocuments(InstanceOptions instance)
{
    /// <summary>How an upgrade stands that is already as it is to be answered now. Its addresses are those by which it was asked, unless others are configured.</summary>
    public PipelineDocument Of(Upgrade upgrade, PipelineStep step, HttpContext context)
    {
        // Whoever puts the old version back must not be stopped by what the new one did.
        var isBack = upgrade is { Phase: Phase.RollingBack or Phase.RolledBack } && step is { Phase: Phase.Upgrading or Phase.PostUpgrade }
            && !(upgrade.Pipelines ?? []).Any(step.Change.IsSameAs);
        var server = instance.Url?.AbsoluteUri.TrimEnd('/') ?? $"{context.Request.Scheme}://{context.Request.Host}";
        var path = $"{server}{Documents.PathOf(upgrade.Id)}";
        return new PipelineDocument
        {
            UpgradeId = upgrade.Id,
            Target = upgrade.Target,
            Revision = step.Change.Revision,
            FromVersion = upgrade.FromVersion,
            ToVersion = upgrade.ToVersion,
            Phase = upgrade.Phase.ToText(),
            Status = upgrade.Verdict.Status.ToText(),
            Code = upgrade.Verdict.Code,
            Final = upgrade.Verdict.Final,
            Gate = isBack ? StatusCodes.Status200OK : Gate.Of(upgrade, untilFinal: false).Status,
            Summary = isBack ? $"This takes the upgrade to {upgrade.ToVersion} back, and is held up by nothing. {upgrade.Verdict.Summary}" : upgrade.Verdict.Summary,
            VerdictUrl = $"{path}/verdict",
            GateUrl = $"{path}/gate",
        };
    }

    /// <summary>What is answered about a change that is no upgrade, so that there is nothing to watch.</summary>
    public static PipelineDocument Nothing(string target, string revision) => new()
    {
        UpgradeId = null,
        Target = target,
        Revision = revision,
        FromVersion = null,
        ToVersion = null,
        Phase = null,
        Status = Verdict.Nothing.Status.ToText(),
        Code = Verdict.Nothing.Code,
        Final = false,
        Gate = StatusCodes.Status424FailedDependency,
        Summary = "No upgrade is known by this revision, and none was opened: it has ended, or had been rolled out before anybody was told.",
        VerdictUrl = null,
        GateUrl = null,
    };
}
