using Npgsql;

namespace UpgradeWatch.Storage.Postgres;

/// <summary>Where the store in PostgreSQL is.</summary>
/// <param name="ConnectionString">Keys and values as Npgsql takes them, without a password: <c>Host=db;Database=upgradewatch;Username=upgradewatch</c>.</param>
public sealed record PostgresOptions(string ConnectionString)
{
    /// <summary>The schema that has the tables where the connection string names none.</summary>
    public const string UsualSchema = "upgradewatch";

    /// <summary>File with the password, read anew for each connection; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>What is wrong with a connection string, as the rest of a sentence without any value of it; null when nothing is.</summary>
    public static string? FindMistake(string connectionString)
    {
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            return $"cannot be understood ({FirstLine(error.Message)}); write for instance Host=db;Database=upgradewatch;Username=upgradewatch";
        }

        if (parsed.Password is not null) return "has a password, which would put a secret into the configuration; write it into a file and give passwordFile";
        if (string.IsNullOrWhiteSpace(parsed.Host)) return "names no server; write for instance Host=db;Database=upgradewatch;Username=upgradewatch";
        if (parsed.SearchPath?.Contains(',') == true) return "has a Search Path of several schemas; name the one that has the tables";
        return parsed.Multiplexing ? "asks for Multiplexing, under which no session can hold the lease; leave it out" : null;
    }

    /// <summary>How the store is saved into a file, and brought back while no instance runs: the database's own tools do it best.</summary>
    public (string Save, string Restore) Commands(string file)
    {
        var parsed = new NpgsqlConnectionStringBuilder(ConnectionString);
        var (user, schema) = (parsed.Username ?? Environment.UserName, parsed.SearchPath ?? UsualSchema);
        var place = $"--host={Quote(parsed.Host!)} --port={parsed.Port} --username={Quote(user)}";
        var database = Quote(parsed.Database ?? user);
        return (
            $"pg_dump {place} --format=custom --schema={Quote(schema)} --file={Quote(file)} {database}",
            $"pg_restore {place} --clean --if-exists --single-transaction --dbname={database} {Quote(file)}");
    }

    private static string Quote(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "._-/,:".Contains(c)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();
}
