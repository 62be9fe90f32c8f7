using System.Data.Common;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Storage.Documents;

namespace UpgradeWatch.Storage.Tables;

/// <summary>The frozen history of each upgrade, while it can still be of use.</summary>
internal static class HistoryTable
{
    public static void Save(DbConnection connection, string upgradeId, FrozenHistory history) => connection.Execute(
        "INSERT INTO histories (upgrade_id, history) VALUES (@id, @history) ON CONFLICT (upgrade_id) DO UPDATE SET history = @history",
        ("@id", upgradeId),
        ("@history", HistoryCodec.Encode(history)));

    public static FrozenHistory? Find(DbConnection connection, string upgradeId)
    {
        var bytes = connection.Scalar<byte[]>("SELECT history FROM histories WHERE upgrade_id = @id", ("@id", upgradeId));
        return bytes is null ? null : HistoryCodec.Decode(bytes);
    }

    /// <summary>Deletes some histories of closed upgrades. Gives their number.</summary>
    public static int Prune(DbConnection connection, DateTimeOffset createdBefore, int most) => connection.Execute(
        """
        DELETE FROM histories WHERE upgrade_id IN (
            SELECT h.upgrade_id FROM histories h JOIN upgrades u ON u.id = h.upgrade_id WHERE u.open = 0 AND u.created < @before LIMIT @most)
        """,
        ("@before", createdBefore.UtcTicks),
        ("@most", most));
}
