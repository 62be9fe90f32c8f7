using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http.Hooks;

/// <summary>What Flagger's calls say, and what it is to make of the upgrade. Flagger takes every status up to 202 for success.</summary>
internal static class FlaggerRules
{
    private const int LongestName = 253;
    private const int LongestChecksum = 128;
    private const int MostUnknown = 5;
    private const string Succeeded = "Succeeded";
    private const string Failed = "Failed";

    // The token was taken out before anybody looked.
    private static readonly string[] Metadata = ["target", "toVersion", "version", "fromVersion", "owner"];

    private static readonly string[] Phases =
        ["Initializing", "Initialized", "Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising", Succeeded, Failed, "Terminating", "Terminated"];

    /// <summary>The first mistake; null for none.</summary>
    public static Problem? Check(FlaggerRequest body, FlaggerHook hook) =>
        FieldRules.Text("name", body.Name, LongestName)
        ?? FieldRules.Text("namespace", body.Namespace, LongestName)
        ?? FieldRules.Text("checksum", body.Checksum, LongestChecksum)
        ?? CheckPhase(body.Phase, hook)
        ?? CheckMetadata(body);

    /// <summary>
    /// The change that is meant. Flagger takes the checksum from its status, which has the new revision only once the canary
    /// has begun: with confirm-rollout it is that of the revision before.
    /// </summary>
    public static PipelineChange ChangeOf(FlaggerRequest body, FlaggerHook hook) =>
        new(PipelineTools.Flagger, $"{body.Namespace}/{body.Name}", body.Checksum, VersionOf(body), IsNext: hook == FlaggerHook.ConfirmRollout);

    /// <summary>A value of the metadata; null when it is not given.</summary>
    public static string? ValueOf(FlaggerRequest body, string key) => body.Metadata?.GetValueOrDefault(key);

    /// <summary>What a call says about the upgrade.</summary>
    public static PipelineStep StepOf(FlaggerRequest body, FlaggerHook hook, string target, string by) => new()
    {
        Target = target,
        Change = ChangeOf(body, hook),
        Phase = PhaseOf(body, hook),
        Opening = hook switch
        {
            FlaggerHook.ConfirmRollout => PipelineOpening.Again,
            FlaggerHook.Rollout => PipelineOpening.Once,
            _ => PipelineOpening.Never,
        },
        HasHappened = hook != FlaggerHook.ConfirmRollout,
        // Events too come with the checksum before, until the canary has begun, and with the phase that it was in.
        Adopts = hook != FlaggerHook.Event,
        FromVersion = ValueOf(body, "fromVersion"),
        Owner = ValueOf(body, "owner"),
        Reason = ValueOf(body, "eventMessage") is { } message ? Shown.Short(message) : null,
        By = by,
    };

    /// <summary>What is answered: a status, and a sentence for Flagger's event.</summary>
    /// <param name="hook">The webhook.</param>
    /// <param name="body">What was sent.</param>
    /// <param name="upgrade">The upgrade as it is to be answered now.</param>
    public static (int Status, string Sentence) Answer(FlaggerHook hook, FlaggerRequest body, Upgrade upgrade)
    {
        var verdict = upgrade.Verdict;
        var gate = Gate.Of(upgrade, untilFinal: false);
        var hasFailed = verdict.Status == FindingStatus.Fail;
        return hook switch
        {
            FlaggerHook.ConfirmRollout => (StatusCodes.Status200OK, $"Upgrade {upgrade.Id} of {upgrade.Target} to {upgrade.ToVersion} is {(upgrade.IsOpen ? "watched" : "over")} ({upgrade.Phase.ToText()}).{Unknown(body)}"),
            FlaggerHook.Rollout => (hasFailed ? StatusCodes.Status409Conflict : StatusCodes.Status200OK, verdict.Summary),
            FlaggerHook.ConfirmPromotion => (gate.Status == StatusCodes.Status200OK ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, gate.Sentence),
            FlaggerHook.Rollback => hasFailed ? (StatusCodes.Status200OK, $"Roll back: {verdict.Summary}") : (StatusCodes.Status409Conflict, $"No reason to roll back. {verdict.Summary}"),
            _ => (StatusCodes.Status200OK, $"Upgrade {upgrade.Id} of {upgrade.Target} to {upgrade.ToVersion} is in {upgrade.Phase.ToText()}. {verdict.Summary}"),
        };
    }

    /// <summary>What is answered when there is no upgrade that the call could be about, or it cannot move as the call says.</summary>
    public static (int Status, string Sentence)? Answer(FlaggerHook hook, Refusal refusal) => (hook, refusal.Kind) switch
    {
        // They only tell: Flagger makes nothing of the answer, and there is nothing that it could do better.
        (FlaggerHook.PostRollout or FlaggerHook.Event, RefusalKind.NotFound or RefusalKind.Conflict) => (StatusCodes.Status200OK, $"Nothing was changed: {refusal.Detail}"),
        (FlaggerHook.ConfirmPromotion or FlaggerHook.Rollback, RefusalKind.NotFound) => (StatusCodes.Status409Conflict, $"{refusal.Detail}; the webhook confirm-rollout or rollout opens it"),
        _ => null,
    };

    private static Phase? PhaseOf(FlaggerRequest body, FlaggerHook hook) => hook switch
    {
        FlaggerHook.ConfirmRollout or FlaggerHook.Rollout => Phase.Upgrading,
        // The canary has all the traffic that it is to get before it is promoted.
        FlaggerHook.ConfirmPromotion => Phase.PostUpgrade,
        FlaggerHook.Rollback => null,
        _ => body.Phase switch
        {
            "WaitingPromotion" or "Promoting" or "Finalising" or Succeeded => Phase.PostUpgrade,
            // It says so once the traffic is back.
            Failed => Phase.RolledBack,
            _ => null,
        },
    };

    private static Problem? CheckPhase(string phase, FlaggerHook hook)
    {
        // Only these two go by it; a word that a later version invents must not stop a gate.
        if (hook is not (FlaggerHook.PostRollout or FlaggerHook.Event) || phase.Length == 0 || Phases.Contains(phase)) return null;
        return FieldRules.Invalid("phase", $"phase is '{Shown.Short(phase)}'; it must be one of {string.Join(", ", Phases)}", Phases);
    }

    private static Problem? CheckMetadata(FlaggerRequest body)
    {
        if (ValueOf(body, "toVersion") is { } to && ValueOf(body, "version") is { } version && to != version)
            return FieldRules.Invalid("metadata.version", $"metadata.version is '{Shown.Short(version)}' and metadata.toVersion is '{Shown.Short(to)}'; give one of them");
        return FieldRules.Text("metadata.target", ValueOf(body, "target"), LongestName)
            ?? FieldRules.Text("metadata.toVersion", ValueOf(body, "toVersion"), FieldRules.Version)
            ?? FieldRules.Text("metadata.version", ValueOf(body, "version"), FieldRules.Version)
            ?? FieldRules.Text("metadata.fromVersion", ValueOf(body, "fromVersion"), FieldRules.Version)
            ?? FieldRules.Text("metadata.owner", ValueOf(body, "owner"), FieldRules.Owner);
    }

    private static string? VersionOf(FlaggerRequest body) => ValueOf(body, "toVersion") ?? ValueOf(body, "version");

    // What other programs read there is none of our business, but a key that was mistyped should not go unseen.
    private static string Unknown(FlaggerRequest body)
    {
        string[] unknown = [.. (body.Metadata?.Keys ?? []).Where(key => !Metadata.Contains(key)).Select(Shown.Short)];
        return unknown.Length == 0 ? "" : $" Not known here, and left alone: metadata.{string.Join(", metadata.", unknown.Take(MostUnknown))}.";
    }
}
