using UpgradeWatch.Storage.Postgres;

namespace UpgradeWatch.Configuration;

/// <summary>Where the state is kept and for how long (<c>storage</c>).</summary>
internal sealed record StorageOptions
{
    private const string StateFolder = "/var/lib/upgradewatch";
    private const string FileName = "upgradewatch.db";

    /// <summary>The SQLite file.</summary>
    public string Path { get; init; } = DefaultPath();

    /// <summary>The database in place of the file; null for the file.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>Days for which closed upgrades are kept; 1 to 36500.</summary>
    public int RetentionDays { get; init; } = 400;

    /// <summary>In the folder of a service where that exists, else in the working directory.</summary>
    private static string DefaultPath() =>
        Directory.Exists(StateFolder) ? System.IO.Path.Combine(StateFolder, FileName) : FileName;
}
