using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Storage.Documents;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>The frozen history of each upgrade, while it can still be of use.</summary>
internal static class HistoryTable
{
    public static void Save(SqliteConnection connection, string upgradeId, FrozenHistory history) => connection.Execute(
        "INSERT INTO histories (upgrade_id, history) VALUES ($id, $history) ON CONFLICT (upgrade_id) DO UPDATE SET history = $history",
        ("$id", upgradeId),
        ("$history", HistoryCodec.Encode(history)));

    public static FrozenHistory? Find(SqliteConnection connection, string upgradeId)
    {
        var bytes = connection.Scalar<byte[]>("SELECT history FROM histories WHERE upgrade_id = $id", ("$id", upgradeId));
        return bytes is null ? null : HistoryCodec.Decode(bytes);
    }

    public static void Prune(SqliteConnection connection, DateTimeOffset createdBefore) => connection.Execute(
        "DELETE FROM histories WHERE upgrade_id IN (SELECT id FROM upgrades WHERE open = 0 AND created < $before)",
        ("$before", createdBefore.UtcTicks));
}
