using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Storage.Postgres;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>storage</c>.</summary>
internal static class StorageDescription
{
    private static readonly ShortMappingShape<PostgresOptions> Postgres = new(
        new MappingShape<PostgresOptions>(
            new PostgresOptions(""),
            new Key<PostgresOptions, string>("connectionString", new ConnectionStringShape(PostgresOptions.FindMistake), (options, value) => options with { ConnectionString = value },
                $"Where the database is, in Npgsql's keys and without a password: Host=db;Database=upgradewatch;Username=upgradewatch;SSL Mode=VerifyFull. The tables are in the schema that Search Path names, usually {PostgresOptions.UsualSchema}.")
            { Required = true },
            new Key<PostgresOptions, string>("passwordFile", new FileShape("a password"), (options, value) => options with { PasswordFile = value },
                "File with the password, re-read for every connection. Left out: no password."))
        {
            Refused = new Dictionary<string, string> { ["password"] = "would put a secret into the configuration; write it into a file and give passwordFile" },
        },
        "connectionString");

    /// <summary>The shape of the section.</summary>
    public static MappingShape<StorageOptions> Shape { get; } = new(
        new StorageOptions(),
        new Key<StorageOptions, string>("path", new PathShape(), (options, value) => options with { Path = value },
            "The SQLite file. Left out: /var/lib/upgradewatch/upgradewatch.db where that folder exists, else upgradewatch.db in the working directory."),
        new Key<StorageOptions, PostgresOptions>("postgres", Postgres, (options, value) => options with { Postgres = value },
            "A PostgreSQL database in place of the file, which several instances can share: one is active, the others stand by. A connection string alone, or a mapping."),
        new Key<StorageOptions, int>("retentionDays", new WholeNumberShape(1, 36500, "days"), (options, value) => options with { RetentionDays = value },
            "Days for which closed upgrades are kept, 1 to 36500.", options => options.RetentionDays))
    {
        Finish = Finish,
    };

    private static StorageOptions Finish(StorageOptions options, MapNode map, string path, ReadingContext context)
    {
        if (map.Find("path") is not null && map.Find("postgres") is not null) context.Add(map, path, "postgres", "cannot be used with path; keep one of the two");
        return options;
    }
}
