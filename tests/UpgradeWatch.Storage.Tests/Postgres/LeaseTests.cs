using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;

namespace UpgradeWatch.Storage.Tests.Postgres;

/// <summary>Several instances on one store: one writes.</summary>
[Collection(PostgresCollection.Name)]
public sealed class LeaseTests(PostgresFixture postgres) : IAsyncLifetime
{
    private string _database = "";

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync() => _database = await postgres.Server.CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_second_instance_reads_and_is_refused_to_write_in_words_that_name_the_first()
    {
        await using var first = await OpenAsync("first");
        await using var second = await OpenAsync("second");
        await first.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        var error = await Assert.ThrowsAsync<StoreException>(() => second.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));

        Assert.Equal(StoreFailure.NotActive, error.Failure);
        Assert.Contains("'first' is the active one since", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await second.FindAsync("01A", None));
        Assert.Equal((LeaseRole.Standby, "first"), ((await second.RenewLeaseAsync(None)).Role, second.Lease.Holder));
        Assert.Equal((LeaseRole.Active, "first", 1L), (first.Lease.Role, first.Lease.Holder, first.Lease.Number));
    }

    [Fact]
    public async Task The_second_takes_over_when_the_first_has_closed()
    {
        await using var first = await OpenAsync("first");
        await using var second = await OpenAsync("second");
        await first.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await first.DisposeAsync();

        await UntilActiveAsync(second);
        await second.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None);

        Assert.Equal(("second", 2L), (second.Lease.Holder, second.Lease.Number));
        Assert.NotNull(await second.FindAsync("01A", None));
    }

    [Fact]
    public async Task An_instance_that_was_held_has_lost_before_it_can_write()
    {
        await using var held = await OpenAsync("held");
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
    public async Task A_number_that_is_not_its_own_stops_a_writer_that_still_has_its_session()
    {
        await using var store = await OpenAsync("first");
        await postgres.Server.ExecuteAsync("UPDATE lease SET number = number + 1, holder = 'other'", _database);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade()), None));

        Assert.Equal(StoreFailure.NotActive, error.Failure);
        Assert.Null(await store.FindAsync("01A", None));
        Assert.Equal(LeaseRole.Lost, (await store.RenewLeaseAsync(None)).Role);
    }

    [Fact]
    public async Task An_instance_whose_session_was_cut_goes_on_when_nobody_was_active_meanwhile()
    {
        await using var store = await OpenAsync("first");
        await postgres.Server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", _database);

        await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade()), None));
        await UntilActiveAsync(store);
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        Assert.Equal(1, store.Lease.Number);
    }

    [Fact]
    public async Task An_instance_that_got_no_answer_to_a_commit_has_to_read_everything_anew()
    {
        await using var store = await OpenAsync("first");
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
    public async Task An_instance_that_says_something_is_not_taken_to_be_gone()
    {
        await using var first = await OpenAsync("first");
        await using var second = await OpenAsync("second");

        for (var n = 0; n < 20; n++)
        {
            await first.RenewLeaseAsync(None);
            Assert.Equal(LeaseRole.Standby, (await second.RenewLeaseAsync(None)).Role);
        }
    }

    [Fact]
    public async Task A_newer_program_beside_an_older_active_one_waits_to_change_the_tables_until_that_has_gone()
    {
        var built = Migration.BuiltIn("Postgres");
        await using var older = await OpenAsync("older");
        await using var newer = await OpenAsync("newer", migrations: [.. built, new(built[^1].Version + 1, "note", "ALTER TABLE events ADD COLUMN note TEXT")]);
        var refused = await Assert.ThrowsAsync<StoreException>(() => newer.FindAsync("01A", None));
        await older.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await older.DisposeAsync();
        await UntilActiveAsync(newer);

        Assert.Contains("as soon as the UpgradeWatch that is active on it has stopped", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await newer.FindAsync("01A", None));
        await Assert.ThrowsAsync<StoreException>(() => OpenAsync("older"));
    }

    [Fact]
    public async Task Of_many_that_start_at_once_exactly_one_is_active()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => OpenAsync($"{n}")));

        Assert.Single(stores, store => store.Lease.IsHeld);
        foreach (var store in stores) await store.DisposeAsync();
    }

    // The lock is free a moment after the session has ended.
    private static async Task UntilActiveAsync(PostgresStore store)
    {
        var before = store.Lease.ConfirmedAt;
        while (!(await store.RenewLeaseAsync(None)).IsHeld || store.Lease.ConfirmedAt == before)
        {
            await Task.Yield();
        }
    }

    private Task<PostgresStore> OpenAsync(string name, TimeSpan? silence = null, IReadOnlyList<Migration>? migrations = null) => PostgresStore.OpenAsync(
        new PostgresOptions(_database) { PasswordFile = postgres.Server.PasswordFile },
        name, migrations ?? Migration.BuiltIn("Postgres"), silence ?? TimeSpan.FromSeconds(15), TimeProvider.System, NullLogger.Instance, None);
}
