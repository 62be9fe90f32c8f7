using System.Data.Common;
using System.Text.Json;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Documents;
using UpgradeWatch.Storage.Steps;

namespace UpgradeWatch.Storage.Tables;

/// <summary>Upgrades as documents, with what they are searched by in columns; their baselines and idempotency keys.</summary>
internal static class UpgradeTable
{
    public static void Save(DbConnection connection, Upgrade upgrade)
    {
        var stored = connection.Scalar<long>("SELECT revision FROM upgrades WHERE id = @id", ("@id", upgrade.Id));
        if (upgrade.Revision != stored + 1)
        {
            throw new StoreException(
                StoreFailure.Different,
                $"Upgrade {upgrade.Id} was to be saved with revision {upgrade.Revision}, but {stored} is stored: {stored + 1} would be next.");
        }

        connection.Execute(
            """
            INSERT INTO upgrades (id, revision, target, phase, open, created, document)
            VALUES (@id, @revision, @target, @phase, @open, @created, @document)
            ON CONFLICT (id) DO UPDATE SET revision = @revision, target = @target, phase = @phase, open = @open, created = @created, document = @document
            """,
            ("@id", upgrade.Id),
            ("@revision", upgrade.Revision),
            ("@target", upgrade.Target),
            ("@phase", upgrade.Phase.ToText()),
            ("@open", upgrade.IsOpen ? 1 : 0),
            ("@created", upgrade.CreatedAt.UtcTicks),
            ("@document", JsonSerializer.Serialize(upgrade, StoreJson.Default.Upgrade)));
    }

    public static List<Upgrade> Current(DbConnection connection) => connection.Query(
        Read,
        "SELECT document FROM upgrades WHERE open = 1 OR id IN (SELECT max(id) FROM upgrades GROUP BY target) ORDER BY id");

    public static Upgrade? Find(DbConnection connection, string id) =>
        connection.Query(Read, "SELECT document FROM upgrades WHERE id = @id", ("@id", id)).FirstOrDefault();

    public static List<Upgrade> List(DbConnection connection, string? target, Phase? phase, int limit, string? beforeId) => connection.Query(
        Read,
        $"""
        SELECT document FROM upgrades
        WHERE TRUE {(target is null ? "" : "AND target = @target")} {(phase is null ? "" : "AND phase = @phase")} {(beforeId is null ? "" : "AND id < @before")}
        ORDER BY id DESC LIMIT @limit
        """,
        ("@target", target),
        ("@phase", phase?.ToText()),
        ("@before", beforeId),
        ("@limit", Math.Max(0, limit)));

    public static void SaveBaseline(DbConnection connection, string upgradeId, StepBlock baseline) => connection.Execute(
        "INSERT INTO baselines (upgrade_id, steps) VALUES (@id, @steps) ON CONFLICT (upgrade_id) DO UPDATE SET steps = @steps",
        ("@id", upgradeId),
        ("@steps", StepBlockCodec.Encode(baseline)));

    public static StepBlock? FindBaseline(DbConnection connection, string upgradeId)
    {
        var bytes = connection.Scalar<byte[]>("SELECT steps FROM baselines WHERE upgrade_id = @id", ("@id", upgradeId));
        return bytes is null ? null : StepBlockCodec.Decode(bytes);
    }

    public static void SaveIdempotency(DbConnection connection, IdempotencyRecord record) => connection.Execute(
        "INSERT INTO idempotency (key, request_hash, upgrade_id) VALUES (@key, @hash, @id)",
        ("@key", record.Key),
        ("@hash", record.RequestHash),
        ("@id", record.UpgradeId));

    public static IdempotencyRecord? FindIdempotency(DbConnection connection, string key) => connection.Query(
        row => new IdempotencyRecord(row.Text(0), row.Text(1), row.Text(2)),
        "SELECT key, request_hash, upgrade_id FROM idempotency WHERE key = @key",
        ("@key", key)).FirstOrDefault();

    /// <summary>
    /// Deletes some closed upgrades about which nothing waits to be said outside, the oldest first; what belongs to them
    /// goes with them. Gives their number.
    /// </summary>
    public static int Prune(DbConnection connection, DateTimeOffset createdBefore, int most) => connection.Execute(
        """
        DELETE FROM upgrades WHERE id IN (
            SELECT id FROM upgrades u
            WHERE open = 0 AND created < @before AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.upgrade_id = u.id AND o.done IS NULL)
            ORDER BY created LIMIT @most)
        """,
        ("@before", createdBefore.UtcTicks),
        ("@most", most));

    private static Upgrade Read(DbDataReader row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Text(0), StoreJson.Default.Upgrade)!;
        }
        catch (JsonException error)
        {
            throw new StoreException(StoreFailure.Corrupt, $"A stored upgrade cannot be read: {error.Message}", error);
        }
    }
}
