using System.Security.Cryptography;
using UpgradeWatch.Engine.Outbox;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>Entries to deliver; each with a key of its own, so that a server that keeps them between runs does no harm.</summary>
internal static class Entries
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public static OutboxEntry New(OutboxAction action = OutboxAction.Point, string text = "checkout 1.4.2 to 1.5.0: upgrading", params string[] tags) => new()
    {
        Sink = "grafana",
        Action = action,
        Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        UpgradeId = "01A",
        At = Noon,
        Text = text,
        Tags = ["upgradewatch", "target:checkout", .. tags],
    };

    /// <summary>The end of a region.</summary>
    public static OutboxEntry End(OutboxEntry opening, TimeSpan after) =>
        opening with { Action = OutboxAction.Close, At = opening.At + after, OpenedAt = opening.At };
}
