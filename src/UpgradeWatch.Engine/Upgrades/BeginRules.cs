using System.Security.Cryptography;
using System.Text;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>When an upgrade may be opened, and what it looks like then.</summary>
internal static class BeginRules
{
    private const double LongestWindowSeconds = 14 * 86400;

    /// <summary>What is wrong with the command on its face; null when nothing is.</summary>
    public static Refusal? Check(BeginCommand command, EngineOptions options, DateTimeOffset now)
    {
        if (options.Find(command.Target) is not { } target)
        {
            string[] known = [.. options.Targets.Select(t => t.Name)];
            return new Refusal(RefusalKind.Invalid, $"target '{command.Target}' is not configured; known: {string.Join(", ", known)}") { Field = "target", Known = known };
        }

        if (string.IsNullOrWhiteSpace(command.ToVersion)) return Invalid("toVersion", "toVersion is empty; give the version that is rolled out");
        if (!PhaseMachine.Beginnings.Contains(command.Phase))
        {
            return Invalid("phase", $"an upgrade cannot begin in phase '{command.Phase.ToText()}'; allowed: {string.Join(", ", PhaseMachine.Beginnings.Select(p => p.ToText()))}");
        }

        if (command.ObservationWindowSeconds is { } window && !(window > 0 && window <= LongestWindowSeconds))
        {
            return Invalid("observationWindowSeconds", $"observationWindowSeconds {window} is out of range; it must be above 0 and at most {LongestWindowSeconds}");
        }

        if (command.PlannedDowntime is { } downtime && downtime.Until <= downtime.From)
        {
            return Invalid("plannedDowntime", "plannedDowntime.until must be later than plannedDowntime.from");
        }

        return command.At is { } at ? MomentRules.Check(at, now, null, target.Evaluation.HistorySeconds) : null;
    }

    /// <summary>The refusal when the target has an open upgrade.</summary>
    public static Refusal AlreadyOpen(Upgrade open) => new(
        RefusalKind.Conflict,
        $"target '{open.Target}' is already being upgraded to '{open.ToVersion}' (upgrade {open.Id}, {open.Phase.ToText()}); end that one first, or give supersede: true")
    {
        OpenUpgradeId = open.Id,
    };

    /// <summary>The upgrade that a command opens, before its first event.</summary>
    public static Upgrade Open(string id, BeginCommand command, TargetOptions target, EngineOptions options, DateTimeOffset now) => new()
    {
        Id = id,
        Revision = 0,
        Target = target.Name,
        FromVersion = command.FromVersion,
        ToVersion = command.ToVersion,
        Owner = command.Owner ?? target.Owner,
        PlannedDowntime = command.PlannedDowntime,
        Links = command.Links,
        Pipelines = command.Pipeline is { } pipeline ? [pipeline] : null,
        ObservationSeconds = command.ObservationWindowSeconds ?? target.Evaluation.ObservationSeconds,
        Evaluation = target.Evaluation,
        CreatedAt = now,
        History = [new PhaseEntry(command.Phase, command.At ?? now, now, By: command.By)],
        Checklist = ChecklistTemplate.Create(options.Checklist, target.Kind),
        Verdict = command.Phase == Phase.PreUpgrade ? Verdict.Nothing : Verdict.Nothing with { Code = FindingCodes.Baseline, Summary = "The baseline is being read." },
    };

    /// <summary>Hash of everything a command asks for, to tell a repetition from a new request under an old key.</summary>
    public static string Hash(BeginCommand command)
    {
        var text = new StringBuilder();
        foreach (var part in (string?[])[
            command.Target, command.ToVersion, command.FromVersion, command.Phase.ToText(), command.At?.UtcTicks.ToString(), command.Owner,
            command.PlannedDowntime?.From.UtcTicks.ToString(), command.PlannedDowntime?.Until.UtcTicks.ToString(),
            command.ObservationWindowSeconds?.ToString("R"), command.Supersede.ToString(),
            .. command.Links.OrderBy(l => l.Key, StringComparer.Ordinal).SelectMany(l => (string[])[l.Key, l.Value])])
        {
            // The length keeps "a","bc" apart from "ab","c".
            text.Append(part?.Length ?? -1).Append(':').Append(part).Append(';');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static Refusal Invalid(string field, string detail) => new(RefusalKind.Invalid, detail) { Field = field };
}
