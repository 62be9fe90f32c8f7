using Npgsql;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Postgres;

/// <summary>The way to the database.</summary>
internal sealed class PostgresAccess : IAsyncDisposable
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int Readers = 4;

    private readonly NpgsqlDataSource _source;

    /// <summary>Prepares it; nothing is opened yet.</summary>
    public PostgresAccess(PostgresOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = true,
            MaxPoolSize = Readers + 1,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            Enlist = false,
            IncludeErrorDetail = false,
        };
        settings.ApplicationName ??= "upgradewatch";
        settings.SearchPath ??= PostgresOptions.UsualSchema;
        Schema = settings.SearchPath;
        Place = $"the database '{settings.Database ?? settings.Username}' at {settings.Host}:{settings.Port}, schema '{Schema}'";
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        if (options.PasswordFile is { } file)
        {
            builder.UsePasswordProvider(_ => ReadPassword(file), (_, _) => ValueTask.FromResult(ReadPassword(file)));
        }

        _source = builder.Build();
    }

    /// <summary>The schema that has the tables.</summary>
    public string Schema { get; }

    /// <summary>Names the store in messages.</summary>
    public string Place { get; }

    /// <summary>Opens a connection, or takes one that is free.</summary>
    public NpgsqlConnection Open() => _source.OpenConnection();

    /// <summary>Forgets connections that lie idle, because the server they led to has gone.</summary>
    public void ForgetIdle() => _source.Clear();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Read for every connection, so that a rotated password counts at once.
    private static string ReadPassword(string file)
    {
        try
        {
            var password = File.ReadAllText(file).Trim('\r', '\n', ' ', '\t');
            return password.Length > 0 ? password : throw new StoreException(StoreFailure.Other, $"storage.postgres.passwordFile {file} is empty: write the password into it.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.Other, $"storage.postgres.passwordFile {file} cannot be read: {error.Message}", error);
        }
    }
}
