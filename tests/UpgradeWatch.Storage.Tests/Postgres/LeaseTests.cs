using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;

namespace UpgradeWatch.Storage.Tests.Postgres;

/// <summary>What only a lease held by a session of a database can meet.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresLeaseTests(PostgresFixture postgres) : LeaseBehaviour, IAsyncLifetime
{
    private string _database = "";

    public async Task InitializeAsync() => _database = await postgres.Server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_instance_that_was_held_has_lost_before_it_can_write()
    {
        await using var held = await OpenAsync("held", null);
        await using var next = await OpenAsync("next", TimeSpan.Zero);

        await UntilActiveAsync(next);
        await next.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        await Assert.ThrowsAsync<StoreException>(() => held.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));
        await Assert.ThrowsAsync<StoreException>(() => held.UpdateOutboxAsync(Samples.Entry(), None));
        var lease = await held.RenewLeaseAsync(None);
        Assert.Equal((LeaseRole.Lost, "next"), (lease.Role, lease.Holder));
        await Assert.ThrowsAsync<StoreException>(() => held.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));
        Assert.Null(await next.FindAsync("01B", None));
        Assert.Equal(LeaseRole.Lost, (await held.RenewLeaseAsync(None)).Role);
    }

    [Fact]
    public async Task An_instance_whose_session_was_cut_goes_on_when_nobody_was_active_meanwhile()
    {
        await using var store = await OpenAsync("first", null);
        await postgres.Server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", _database);

        await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade()), None));
        await UntilActiveAsync(store);
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        Assert.Equal(1, store.Lease.Number);
    }

    [Fact]
    public async Task An_instance_that_got_no_answer_to_a_commit_has_to_read_everything_anew()
    {
        await using var store = await OpenAsync("first", null);
        await postgres.Server.ExecuteAsync(
            """
            CREATE FUNCTION public.die() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER die AFTER INSERT ON upgradewatch.upgrades DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.die();
            """,
            _database);

        await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade()), None));

        StoreLease lease;
        do lease = await store.RenewLeaseAsync(None);
        while (lease.IsHeld);
        Assert.Equal(LeaseRole.Lost, lease.Role);
    }

    [Fact]
    public async Task One_that_could_not_take_over_because_the_database_took_no_change_does_so_once_it_takes_them()
    {
        await using var first = await OpenAsync("first", null);
        await using var second = await OpenAsync("second", null);
        await postgres.Server.ExecuteAsync(
            """
            CREATE FUNCTION public.refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'read-only' USING ERRCODE = 'read_only_sql_transaction'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON upgradewatch.lease FOR EACH ROW EXECUTE FUNCTION public.refuse();
            """,
            _database);
        await first.DisposeAsync();
        StoreException? refused = null;
        while (refused is null) refused = await Record.ExceptionAsync(() => second.RenewLeaseAsync(None)) as StoreException;
        await Assert.ThrowsAsync<StoreException>(() => second.RenewLeaseAsync(None));

        await postgres.Server.ExecuteAsync("DROP TRIGGER refuse ON upgradewatch.lease", _database);
        var lease = await second.RenewLeaseAsync(None);

        Assert.Equal(StoreFailure.ReadOnly, refused.Failure);
        Assert.Equal((LeaseRole.Active, "second", 2L), (lease.Role, lease.Holder, lease.Number));
    }

    [Fact]
    public async Task An_instance_whose_newest_change_the_database_has_lost_has_to_read_everything_anew()
    {
        await using var store = await OpenAsync("first", null);
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await store.SaveAsync(Samples.Change(Samples.Upgrade() with { Revision = 2 }), None);
        await ExecuteAsync("UPDATE upgradewatch.upgrades SET revision = 1");

        var refused = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade() with { Revision = 3 }), None));

        Assert.Equal(StoreFailure.Different, refused.Failure);
        Assert.Equal(LeaseRole.Lost, (await store.RenewLeaseAsync(None)).Role);
    }

    [Fact]
    public async Task Who_ends_does_not_wait_for_a_database_that_hangs_and_the_lease_is_free_once_that_has_ended()
    {
        await using var store = await OpenAsync("first", null);
        var holding = postgres.Server.ExecuteAsync("SELECT number FROM upgradewatch.lease FOR UPDATE; SELECT pg_sleep(8)", _database);
        await UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        var writing = store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await UntilAsync("SELECT count(*) FROM pg_locks WHERE NOT granted");

        await store.DisposeAsync();
        var isWaiting = !writing.IsCompleted;
        await holding;
        await Record.ExceptionAsync(() => writing);
        await using var next = await OpenAsync("next", null);
        await UntilActiveAsync(next);

        Assert.True(isWaiting);

        async Task UntilAsync(string sql)
        {
            while (await postgres.Server.AskAsync<long>(sql, _database) == 0) await Task.Yield();
        }
    }

    [Fact]
    public async Task An_instance_that_says_something_is_not_taken_to_be_gone()
    {
        await using var first = await OpenAsync("first", null);
        await using var second = await OpenAsync("second", null);

        for (var n = 0; n < 20; n++)
        {
            await first.RenewLeaseAsync(None);
            Assert.Equal(LeaseRole.Standby, (await second.RenewLeaseAsync(None)).Role);
        }
    }

    private protected override string Kind => "Postgres";

    private protected override async Task<TableStore> OpenAsync(string name, IReadOnlyList<Migration> migrations) => await OpenAsync(name, null, migrations);

    private protected override Task ExecuteAsync(string sql) => postgres.Server.ExecuteAsync(sql, _database);

    private Task<PostgresStore> OpenAsync(string name, TimeSpan? silence, IReadOnlyList<Migration>? migrations = null) => PostgresStore.OpenAsync(
        new PostgresOptions(_database) { PasswordFile = postgres.Server.PasswordFile },
        name, migrations ?? Migration.BuiltIn("Postgres"), silence ?? TimeSpan.FromSeconds(15), TimeProvider.System, NullLogger.Instance, None);
}
