using System.Data.Common;
using System.Text.Json;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Storage.Documents;

namespace UpgradeWatch.Storage.Tables;

/// <summary>What is to be said outside.</summary>
internal static class OutboxTable
{
    public static OutboxEntry Add(DbConnection connection, OutboxEntry entry) => entry with
    {
        Id = connection.Scalar<long>(
            """
            INSERT INTO outbox (sink, action, key, upgrade_id, at, text, tags, attempts, next_attempt, last_error, remote_id, done)
            VALUES (@sink, @action, @key, @upgrade, @at, @text, @tags, @attempts, @next, @error, @remote, @done)
            RETURNING id
            """,
            ("@sink", entry.Sink),
            ("@action", ToText(entry.Action)),
            ("@key", entry.Key),
            ("@upgrade", entry.UpgradeId),
            ("@at", entry.At.UtcTicks),
            ("@text", entry.Text),
            ("@tags", JsonSerializer.Serialize(entry.Tags, StoreJson.Default.IReadOnlyListString)),
            ("@attempts", entry.Attempts),
            ("@next", entry.NextAttemptAt.UtcTicks),
            ("@error", entry.LastError),
            ("@remote", entry.RemoteId),
            ("@done", entry.DoneAt?.UtcTicks)),
    };

    /// <summary>The entries that wait; a closing one brings the start of its region with it.</summary>
    public static List<OutboxEntry> Pending(DbConnection connection, string sink, int limit) => connection.Query(
        Read,
        """
        SELECT o.id, o.sink, o.action, o.key, o.upgrade_id, o.at, o.text, o.tags, o.attempts, o.next_attempt, o.last_error,
               o.remote_id, o.done, opening.at
        FROM outbox o
        LEFT JOIN outbox opening ON o.action = 'close' AND opening.key = o.key AND opening.sink = o.sink AND opening.action = 'open'
        WHERE o.sink = @sink AND o.done IS NULL
        ORDER BY o.id LIMIT @limit
        """,
        ("@sink", sink),
        ("@limit", Math.Max(0, limit)));

    public static Dictionary<string, int> Count(DbConnection connection) => connection.Query(
        row => (Sink: row.Text(0), Count: (int)row.GetInt64(1)),
        "SELECT sink, count(*) FROM outbox WHERE done IS NULL GROUP BY sink").ToDictionary(row => row.Sink, row => row.Count);

    public static int Update(DbConnection connection, OutboxEntry entry) => connection.Execute(
        "UPDATE outbox SET attempts = @attempts, next_attempt = @next, last_error = @error, remote_id = @remote, done = @done WHERE id = @id",
        ("@id", entry.Id),
        ("@attempts", entry.Attempts),
        ("@next", entry.NextAttemptAt.UtcTicks),
        ("@error", entry.LastError),
        ("@remote", entry.RemoteId),
        ("@done", entry.DoneAt?.UtcTicks));

    // What was given up stays so.
    public static int Reopen(DbConnection connection, string sink, DateTimeOffset since, DateTimeOffset now) => connection.Execute(
        """
        UPDATE outbox SET done = NULL, attempts = 0, next_attempt = @now
        WHERE sink = @sink AND last_error IS NULL AND done IS NOT NULL
          AND (done >= @since OR upgrade_id IN (SELECT id FROM upgrades WHERE open = 1))
        """,
        ("@sink", sink),
        ("@since", since.UtcTicks),
        ("@now", now.UtcTicks));

    private static OutboxEntry Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Sink = row.Text(1),
        Action = FromText(row.Text(2)),
        Key = row.Text(3),
        UpgradeId = row.Text(4),
        At = row.Time(5),
        Text = row.Text(6),
        Tags = JsonSerializer.Deserialize(row.Text(7), StoreJson.Default.IReadOnlyListString)!,
        Attempts = (int)row.GetInt64(8),
        NextAttemptAt = row.Time(9),
        LastError = row.TextOrNull(10),
        RemoteId = row.TextOrNull(11),
        DoneAt = row.IsDBNull(12) ? null : row.Time(12),
        OpenedAt = row.IsDBNull(13) ? null : row.Time(13),
    };

    private static string ToText(OutboxAction action) => action switch
    {
        OutboxAction.Open => "open",
        OutboxAction.Close => "close",
        _ => "point",
    };

    private static OutboxAction FromText(string text) => text switch
    {
        "open" => OutboxAction.Open,
        "close" => OutboxAction.Close,
        _ => OutboxAction.Point,
    };
}
