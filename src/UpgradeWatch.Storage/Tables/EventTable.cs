using System.Data.Common;
using UpgradeWatch.Engine.Events;

namespace UpgradeWatch.Storage.Tables;

/// <summary>What the event stream tells.</summary>
internal static class EventTable
{
    public static EngineEvent Add(DbConnection connection, EngineEvent added) => added with
    {
        Id = connection.Scalar<long>(
            """
            INSERT INTO events (type, at, upgrade_id, target, subject, state, code, text)
            VALUES (@type, @at, @upgrade, @target, @subject, @state, @code, @text)
            RETURNING id
            """,
            ("@type", added.Type),
            ("@at", added.At.UtcTicks),
            ("@upgrade", added.UpgradeId),
            ("@target", added.Target),
            ("@subject", added.Subject),
            ("@state", added.State),
            ("@code", added.Code),
            ("@text", added.Text)),
    };

    public static List<EngineEvent> After(DbConnection connection, long id, int limit) => connection.Query(
        row => new EngineEvent
        {
            Id = row.GetInt64(0),
            Type = row.Text(1),
            At = row.Time(2),
            UpgradeId = row.Text(3),
            Target = row.Text(4),
            Subject = row.TextOrNull(5),
            State = row.Text(6),
            Code = row.TextOrNull(7),
            Text = row.TextOrNull(8),
        },
        "SELECT id, type, at, upgrade_id, target, subject, state, code, text FROM events WHERE id > @id ORDER BY id LIMIT @limit",
        ("@id", id),
        ("@limit", Math.Max(0, limit)));
}
