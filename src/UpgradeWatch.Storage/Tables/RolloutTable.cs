using System.Data.Common;
using System.Text.Json;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Storage.Documents;

namespace UpgradeWatch.Storage.Tables;

/// <summary>What is remembered of workloads.</summary>
internal static class RolloutTable
{
    public static int Save(DbConnection connection, SeenRollout seen) => connection.Execute(
        """
        INSERT INTO rollouts (target, workload, document) VALUES (@target, @workload, @document)
        ON CONFLICT (target, workload) DO UPDATE SET document = @document
        """,
        ("@target", seen.Target),
        ("@workload", seen.Workload),
        ("@document", JsonSerializer.Serialize(seen, StoreJson.Default.SeenRollout)));

    public static List<SeenRollout> Load(DbConnection connection, string target) => connection.Query(
        Read,
        "SELECT document FROM rollouts WHERE target = @target ORDER BY workload",
        ("@target", target));

    private static SeenRollout Read(DbDataReader row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Text(0), StoreJson.Default.SeenRollout)!;
        }
        catch (JsonException error)
        {
            throw new StoreException(StoreFailure.Corrupt, $"What is stored of a workload cannot be read: {error.Message}", error);
        }
    }
}
