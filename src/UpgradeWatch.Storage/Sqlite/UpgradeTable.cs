using System.Text.Json;
using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Documents;
using UpgradeWatch.Storage.Steps;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>Upgrades as documents, with what they are searched by in columns; their baselines and idempotency keys.</summary>
internal static class UpgradeTable
{
    public static void Save(SqliteConnection connection, Upgrade upgrade)
    {
        var stored = connection.Scalar<long>("SELECT revision FROM upgrades WHERE id = $id", ("$id", upgrade.Id));
        if (upgrade.Revision != stored + 1)
        {
            throw new StoreException(
                StoreFailure.Other,
                $"Upgrade {upgrade.Id} was to be saved with revision {upgrade.Revision}, but {stored} is stored: {stored + 1} would be next.");
        }

        connection.Execute(
            """
            INSERT INTO upgrades (id, revision, target, phase, open, created, document)
            VALUES ($id, $revision, $target, $phase, $open, $created, $document)
            ON CONFLICT (id) DO UPDATE SET revision = $revision, target = $target, phase = $phase, open = $open, created = $created, document = $document
            """,
            ("$id", upgrade.Id),
            ("$revision", upgrade.Revision),
            ("$target", upgrade.Target),
            ("$phase", upgrade.Phase.ToText()),
            ("$open", upgrade.IsOpen),
            ("$created", upgrade.CreatedAt.UtcTicks),
            ("$document", JsonSerializer.Serialize(upgrade, StoreJson.Default.Upgrade)));
    }

    public static List<Upgrade> Current(SqliteConnection connection) => connection.Query(
        Read,
        "SELECT document FROM upgrades WHERE open = 1 OR id IN (SELECT max(id) FROM upgrades GROUP BY target) ORDER BY id");

    public static Upgrade? Find(SqliteConnection connection, string id) =>
        connection.Query(Read, "SELECT document FROM upgrades WHERE id = $id", ("$id", id)).FirstOrDefault();

    public static List<Upgrade> List(SqliteConnection connection, string? target, Phase? phase, int limit, string? beforeId) => connection.Query(
        Read,
        $"""
        SELECT document FROM upgrades
        WHERE TRUE {(target is null ? "" : "AND target = $target")} {(phase is null ? "" : "AND phase = $phase")} {(beforeId is null ? "" : "AND id < $before")}
        ORDER BY id DESC LIMIT $limit
        """,
        ("$target", target),
        ("$phase", phase?.ToText()),
        ("$before", beforeId),
        ("$limit", Math.Max(0, limit)));

    public static void SaveBaseline(SqliteConnection connection, string upgradeId, StepBlock baseline) => connection.Execute(
        "INSERT INTO baselines (upgrade_id, steps) VALUES ($id, $steps) ON CONFLICT (upgrade_id) DO UPDATE SET steps = $steps",
        ("$id", upgradeId),
        ("$steps", StepBlockCodec.Encode(baseline)));

    public static StepBlock? FindBaseline(SqliteConnection connection, string upgradeId)
    {
        var bytes = connection.Scalar<byte[]>("SELECT steps FROM baselines WHERE upgrade_id = $id", ("$id", upgradeId));
        return bytes is null ? null : StepBlockCodec.Decode(bytes);
    }

    public static void SaveIdempotency(SqliteConnection connection, IdempotencyRecord record) => connection.Execute(
        "INSERT INTO idempotency (key, request_hash, upgrade_id) VALUES ($key, $hash, $id)",
        ("$key", record.Key),
        ("$hash", record.RequestHash),
        ("$id", record.UpgradeId));

    public static IdempotencyRecord? FindIdempotency(SqliteConnection connection, string key) => connection.Query(
        row => new IdempotencyRecord(row.GetString(0), row.GetString(1), row.GetString(2)),
        "SELECT key, request_hash, upgrade_id FROM idempotency WHERE key = $key",
        ("$key", key)).FirstOrDefault();

    /// <summary>Deletes closed upgrades; what belongs to them goes with them.</summary>
    public static void Prune(SqliteConnection connection, DateTimeOffset createdBefore) => connection.Execute(
        "DELETE FROM upgrades WHERE open = 0 AND created < $before",
        ("$before", createdBefore.UtcTicks));

    private static Upgrade Read(SqliteDataReader row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetString(0), StoreJson.Default.Upgrade)!;
        }
        catch (JsonException error)
        {
            throw new StoreException(StoreFailure.Corrupt, $"A stored upgrade cannot be read: {error.Message}", error);
        }
    }
}
