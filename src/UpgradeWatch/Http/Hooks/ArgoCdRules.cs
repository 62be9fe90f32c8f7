using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http.Hooks;

/// <summary>What Argo CD's notifications say. They may come late, twice and not at all, so the revision decides, not the event.</summary>
internal static class ArgoCdRules
{
    private const int LongestName = 253;
    private const string Running = "Running";
    private const string Succeeded = "Succeeded";
    private const string Failed = "Failed";
    private const string Error = "Error";
    private const string Healthy = "Healthy";

    private static readonly string[] Operations = [Running, Succeeded, Failed, Error, "Terminating"];
    private static readonly string[] Healths = [Healthy, "Progressing", "Degraded", "Suspended", "Missing", "Unknown"];

    /// <summary>The body without its empty texts: a template writes what an application does not have as nothing.</summary>
    public static ArgoCdRequest WithoutEmpty(ArgoCdRequest body) => body with
    {
        Health = Known(body.Health),
        Namespace = Known(body.Namespace),
        Target = Known(body.Target),
        ToVersion = Known(body.ToVersion),
        StartedAt = Known(body.StartedAt),
        FinishedAt = Known(body.FinishedAt),
        Message = Known(body.Message),
    };

    /// <summary>The first mistake; null for none.</summary>
    public static Problem? Check(ArgoCdRequest body) =>
        FieldRules.Text("application", body.Application, LongestName)
        ?? FieldRules.Text("revision", body.Revision, FieldRules.Version)
        ?? CheckWord("operation", body.Operation, Operations)
        ?? CheckHealth(body)
        ?? FieldRules.Text("namespace", body.Namespace, LongestName)
        ?? FieldRules.Text("target", body.Target, LongestName)
        ?? FieldRules.Text("toVersion", body.ToVersion, FieldRules.Version)
        ?? CheckTime("startedAt", body.StartedAt)
        ?? CheckTime("finishedAt", body.FinishedAt);

    /// <summary>The steps that follow from a notification, in their order.</summary>
    public static IReadOnlyList<PipelineStep> StepsOf(ArgoCdRequest body, TargetOptions target, string by, DateTimeOffset now)
    {
        var (started, finished) = (TimeOf(body.StartedAt, now), TimeOf(body.FinishedAt, now));
        var step = new PipelineStep
        {
            Target = target.Name,
            Since = started,
            Change = new PipelineChange(PipelineTools.ArgoCd, body.Namespace is null ? body.Application : $"{body.Namespace}/{body.Application}", body.Revision, body.ToVersion),
            HasHappened = true,
            LooksBack = true,
            Reason = body.Message is null ? $"Argo CD: {body.Operation}" : $"Argo CD: {body.Operation}, {Shown.Short(body.Message)}",
            By = by,
        };
        switch (body.Operation)
        {
            case Running:
                return [step with { Phase = Phase.Upgrading, Opening = PipelineOpening.Again, At = started }];
            case Succeeded:
                // A pod that is replaced makes an old deployment speak up again; only one that still would be watched is news.
                var isNews = finished is { } end && end >= now.AddSeconds(-target.Evaluation.ObservationSeconds);
                var rollout = step with { Phase = Phase.Upgrading, Opening = isNews ? PipelineOpening.Once : PipelineOpening.Never, At = started, Adopts = isNews };
                return body.Health == Healthy ? [rollout, step with { Phase = Phase.PostUpgrade, Adopts = isNews }] : [rollout];
            case Failed or Error:
                return [step with { Adopts = false }, step with { Phase = Phase.Aborted, Adopts = false }];
            default:
                return [step with { Adopts = false }];
        }
    }

    /// <summary>Whether a step has nothing to do with how the upgrade stands: a sync that failed when all was rolled out has failed to be confirmed, not to be made.</summary>
    public static bool IsLate(PipelineStep step, Upgrade upgrade) => step.Phase == Phase.Aborted && upgrade.Phase is not (Phase.PreUpgrade or Phase.Upgrading);

    private static string? Known(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Problem? CheckHealth(ArgoCdRequest body)
    {
        if (body.Health is not null) return CheckWord("health", body.Health, Healths);
        return body.Operation == Succeeded ? FieldRules.Invalid("health", $"health is missing; with operation {Succeeded} it must be one of {string.Join(", ", Healths)}", Healths) : null;
    }

    private static Problem? CheckWord(string field, string word, string[] known) =>
        known.Contains(word) ? null : FieldRules.Invalid(field, $"{field} is '{Shown.Short(word)}'; it must be one of {string.Join(", ", known)}", known);

    private static Problem? CheckTime(string field, string? text) =>
        text is null || UtcTimeConverter.TryParse(text, out _) ? null : FieldRules.Invalid(field, $"{field} is '{Shown.Short(text)}'; it must be a time with its offset, such as 2026-05-04T13:37:00Z");

    // Its clock may be ahead of this one; it has happened all the same.
    private static DateTimeOffset? TimeOf(string? text, DateTimeOffset now) =>
        text is not null && UtcTimeConverter.TryParse(text, out var at) ? (at > now ? now : at) : null;
}
