using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;
using UpgradeWatch.Storage.Sqlite;

namespace UpgradeWatch.Hosting;

/// <summary>Opens the store that the configuration names.</summary>
internal static class Opening
{
    /// <summary>How instances on one store call this one.</summary>
    public static string InstanceName { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>Opens it while the services are put together: a store that cannot be opened is told by the start.</summary>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static IUpgradeStore Store(StorageOptions options, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        return options.Postgres is { } postgres
            ? PostgresStore.OpenAsync(postgres, InstanceName, time, services.GetRequiredService<ILogger<PostgresStore>>(), CancellationToken.None).GetAwaiter().GetResult()
            : SqliteStore.OpenAsync(options.Path, InstanceName, time, services.GetRequiredService<ILogger<SqliteStore>>(), CancellationToken.None).GetAwaiter().GetResult();
    }
}
