using Microsoft.Data.Sqlite;
using UpgradeWatch.Engine.Events;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>What the event stream tells.</summary>
internal static class EventTable
{
    public static EngineEvent Add(SqliteConnection connection, EngineEvent added) => added with
    {
        Id = connection.Scalar<long>(
            """
            INSERT INTO events (type, at, upgrade_id, target, subject, state, code, text)
            VALUES ($type, $at, $upgrade, $target, $subject, $state, $code, $text)
            RETURNING id
            """,
            ("$type", added.Type),
            ("$at", added.At.UtcTicks),
            ("$upgrade", added.UpgradeId),
            ("$target", added.Target),
            ("$subject", added.Subject),
            ("$state", added.State),
            ("$code", added.Code),
            ("$text", added.Text)),
    };

    public static List<EngineEvent> After(SqliteConnection connection, long id, int limit) => connection.Query(
        row => new EngineEvent
        {
            Id = row.GetInt64(0),
            Type = row.GetString(1),
            At = row.Time(2),
            UpgradeId = row.GetString(3),
            Target = row.GetString(4),
            Subject = row.Text(5),
            State = row.GetString(6),
            Code = row.Text(7),
            Text = row.Text(8),
        },
        "SELECT id, type, at, upgrade_id, target, subject, state, code, text FROM events WHERE id > $id ORDER BY id LIMIT $limit",
        ("$id", id),
        ("$limit", Math.Max(0, limit)));

    /// <summary>The newest number that was ever given, also when its event has been pruned.</summary>
    public static long LastId(SqliteConnection connection) => connection.Scalar<long>("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
}
