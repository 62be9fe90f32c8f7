using Microsoft.Extensions.Primitives;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>What a request to open an upgrade may say.</summary>
internal static class BeginRules
{
    private const int LongestName = 63;
    private const int LongestKey = 256;

    /// <summary>The first mistake; null for none. What needs to know the upgrades is checked by their service.</summary>
    public static Problem? Check(BeginRequest body) =>
        FieldRules.Text("target", body.Target, LongestName)
        ?? FieldRules.Text("toVersion", body.ToVersion, FieldRules.Version)
        ?? FieldRules.Text("fromVersion", body.FromVersion, FieldRules.Version)
        ?? FieldRules.Text("owner", body.Owner, FieldRules.Owner)
        ?? CheckPhase(body.Phase)
        ?? CheckDowntime(body.PlannedDowntime)
        ?? FieldRules.WebLinks("links", body.Links);

    /// <summary>The mistake in an Idempotency-Key header; null for none.</summary>
    public static Problem? CheckKey(StringValues key)
    {
        if (key.Count == 0) return null;
        var text = key.ToString();
        return key.Count == 1 && text.Length is > 0 and <= LongestKey && text.All(c => c is >= ' ' and <= '~')
            ? null
            : Problems.Of(StatusCodes.Status400BadRequest, $"Idempotency-Key must be given once, with 1 to {LongestKey} printable ASCII characters", "Idempotency-Key");
    }

    /// <summary>The command of a request that has been checked.</summary>
    public static BeginCommand Command(BeginRequest body, string? key, string? owner, string by)
    {
        return new BeginCommand
        {
            Target = body.Target,
            ToVersion = body.ToVersion,
            FromVersion = body.FromVersion,
            Phase = PhaseNames.TryParse(body.Phase, out var phase) ? phase : Phase.PreUpgrade,
            At = body.At,
            Owner = body.Owner,
            PlannedDowntime = body.PlannedDowntime is { } down ? new PlannedDowntime(down.From, down.Until) : null,
            Links = body.Links ?? new Dictionary<string, string>(),
            ObservationWindowSeconds = body.ObservationWindowSeconds,
            Supersede = body.Supersede ?? false,
            IdempotencyKey = key,
            IdempotencyOwner = owner,
            By = by,
        };
    }

    private static Problem? CheckPhase(string? phase)
    {
        if (phase is null || (PhaseNames.TryParse(phase, out var parsed) && PhaseMachine.Beginnings.Contains(parsed))) return null;
        string[] known = [.. PhaseMachine.Beginnings.Select(p => p.ToText())];
        return FieldRules.Invalid("phase", $"phase is '{Shown.Short(phase)}'; an upgrade begins in {string.Join(", ", known)}", known);
    }

    private static Problem? CheckDowntime(DowntimeWindow? down) => down is null || down.Until > down.From
        ? null
        : FieldRules.Invalid("plannedDowntime.until", "plannedDowntime.until is not after plannedDowntime.from; it must be");
}
