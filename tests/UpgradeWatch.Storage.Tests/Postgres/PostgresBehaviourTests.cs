using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;

namespace UpgradeWatch.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresUpgradeTests(PostgresFixture postgres) : UpgradeStoreBehaviour
{
    private string? _database;

    protected override async Task<IUpgradeStore> OpenAsync() => await PostgresStore.OpenAsync(
        new PostgresOptions(_database ??= await postgres.Server.CreateDatabaseAsync()) { PasswordFile = postgres.Server.PasswordFile },
        "test", new FakeTimeProvider(), NullLogger.Instance, CancellationToken.None);
}

[Collection(PostgresCollection.Name)]
public sealed class PostgresStepsTests(PostgresFixture postgres) : StepsBehaviour
{
    protected override async Task<IUpgradeStore> OpenAsync() => await PostgresStore.OpenAsync(
        new PostgresOptions(await postgres.Server.CreateDatabaseAsync()) { PasswordFile = postgres.Server.PasswordFile },
        "test", new FakeTimeProvider(), NullLogger.Instance, CancellationToken.None);
}
