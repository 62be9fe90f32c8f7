using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;
using UpgradeWatch.TestKit.Postgres;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Storage.Tests.Postgres;

/// <summary>What only the store in PostgreSQL does.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private string _database = "";

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync() => _database = await postgres.Server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_with_both_versions_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        await postgres.Server.ExecuteAsync("INSERT INTO migrations VALUES (7, 'later', 0)", _database);

        var error = await Assert.ThrowsAsync<StoreException>(() => OpenAsync());

        Assert.Equal(StoreFailure.Newer, error.Failure);
        Assert.Contains("version 7", error.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {Migration.BuiltIn("Postgres")[^1].Version}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_changes_nothing()
    {
        var built = Migration.BuiltIn("Postgres");
        await (await OpenAsync()).DisposeAsync();
        Migration broken = new(built[^1].Version + 1, "broken", "ALTER TABLE events ADD COLUMN note TEXT; SELECT * FROM no_such_table");

        await Assert.ThrowsAsync<StoreException>(() => OpenAsync([.. built, broken]));

        await using var store = await OpenAsync();
        Assert.Equal(0, await postgres.Server.AskAsync<long>("SELECT count(*) FROM information_schema.columns WHERE table_name = 'events' AND column_name = 'note'", _database));
    }

    [Fact]
    public async Task A_migration_keeps_what_the_store_holds()
    {
        var built = Migration.BuiltIn("Postgres");
        await using (var first = await OpenAsync())
        {
            await first.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        }

        await using var second = await OpenAsync([.. built, new(built[^1].Version + 1, "note", "ALTER TABLE events ADD COLUMN note TEXT")]);

        Assert.NotNull(await second.FindAsync("01A", None));
        Assert.Equal(built[^1].Version + 1, await postgres.Server.AskAsync<int>("SELECT max(version) FROM migrations", _database));
    }

    [Fact]
    public async Task Two_schemas_of_one_database_are_two_stores()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync(database: _database + ";Search Path=other");

        await one.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await other.SaveAsync(Samples.Change(Samples.Upgrade(target: "search")), None);

        Assert.Equal("checkout", (await one.FindAsync("01A", None))!.Target);
        Assert.Equal("search", (await other.FindAsync("01A", None))!.Target);
    }

    [Fact]
    public async Task The_password_is_read_again_when_it_has_changed()
    {
        await using var server = await PostgresServer.StartNewAsync();
        using var folder = new TempFolder();
        var options = new PostgresOptions(await server.CreateDatabaseAsync()) { PasswordFile = folder.Write("password", "not a secret") };
        await using var store = await PostgresStore.OpenAsync(options, "test", TimeProvider.System, NullLogger.Instance, None);
        await server.ExecuteAsync("ALTER ROLE upgradewatch PASSWORD 'rotated'");
        await server.StopAsync();
        await server.StartAsync();

        var refused = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync(null, null, 1, null, None));
        folder.Write("password", "rotated\n");

        Assert.Contains("does not let this user in", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not a secret", $"{refused}", StringComparison.Ordinal);
        Assert.Empty(await store.ListAsync(null, null, 1, null, None));
    }

    [Fact]
    public async Task After_the_server_was_away_it_goes_on_as_the_active_one_with_what_it_held()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var options = new PostgresOptions(await server.CreateDatabaseAsync()) { PasswordFile = server.PasswordFile };
        await using var store = await PostgresStore.OpenAsync(options, "test", TimeProvider.System, NullLogger.Instance, None);
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await server.StopAsync();

        var away = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));
        await Assert.ThrowsAsync<StoreException>(() => store.FindAsync("01A", None));
        await Assert.ThrowsAsync<StoreException>(() => store.RenewLeaseAsync(None));
        await server.StartAsync();
        var lease = await store.RenewLeaseAsync(None);
        await store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None);

        Assert.Contains("cannot be reached", away.Message, StringComparison.Ordinal);
        Assert.Equal((LeaseRole.Active, 1L), (lease.Role, lease.Number));
        Assert.NotNull(await store.FindAsync("01A", None));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_with_its_address_and_without_the_password()
    {
        var options = new PostgresOptions($"Host=127.0.0.1;Port={FreePort.Next()};Username=uw;Database=uw") { PasswordFile = postgres.Server.PasswordFile };

        var error = await Assert.ThrowsAsync<StoreException>(() => PostgresStore.OpenAsync(options, "test", TimeProvider.System, NullLogger.Instance, None));

        Assert.Contains("'uw' at 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not a secret", $"{error}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_read_only_refuses_changes_and_still_answers()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await postgres.Server.ExecuteAsync("REVOKE UPDATE, INSERT ON ALL TABLES IN SCHEMA upgradewatch FROM upgradewatch", _database);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));

        Assert.Contains("may not be written by this user", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.FindAsync("01A", None));
    }

    private Task<PostgresStore> OpenAsync(IReadOnlyList<Migration>? migrations = null, string? database = null) => PostgresStore.OpenAsync(
        new PostgresOptions(database ?? _database) { PasswordFile = postgres.Server.PasswordFile },
        "test", migrations ?? Migration.BuiltIn("Postgres"), TimeSpan.FromSeconds(15), new FakeTimeProvider(), NullLogger.Instance, None);
}
