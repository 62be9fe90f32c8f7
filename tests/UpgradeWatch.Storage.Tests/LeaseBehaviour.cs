using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;

namespace UpgradeWatch.Storage.Tests;

/// <summary>Several instances on one store: one writes, the others read and wait, whatever the store is.</summary>
public abstract class LeaseBehaviour
{
    private protected static CancellationToken None => CancellationToken.None;

    private protected abstract string Kind { get; }

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
        Assert.Null(await first.FindAsync("01B", None));
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
        await using var third = await OpenAsync("third");
        Assert.Equal((LeaseRole.Standby, "second"), (third.Lease.Role, third.Lease.Holder));
    }

    [Fact]
    public async Task A_number_that_is_not_its_own_stops_a_writer_that_still_has_its_lock()
    {
        await using var store = await OpenAsync("first");
        await ExecuteAsync("UPDATE lease SET number = number + 1, holder = 'other'");

        var error = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade()), None));

        Assert.Equal(StoreFailure.NotActive, error.Failure);
        Assert.Null(await store.FindAsync("01A", None));
        var lease = await store.RenewLeaseAsync(None);
        Assert.Equal((LeaseRole.Lost, "other"), (lease.Role, lease.Holder));
        Assert.Equal(LeaseRole.Lost, (await store.RenewLeaseAsync(None)).Role);
        await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade()), None));
    }

    [Fact]
    public async Task A_newer_program_beside_an_older_active_one_waits_to_change_the_tables_until_that_has_gone()
    {
        var built = Migration.BuiltIn(Kind);
        await using var older = await OpenAsync("older");
        await using var newer = await OpenAsync("newer", [.. built, new(built[^1].Version + 1, "note", "ALTER TABLE events ADD COLUMN note TEXT")]);
        var refused = await Assert.ThrowsAsync<StoreException>(() => newer.FindAsync("01A", None));
        await older.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await older.DisposeAsync();
        await UntilActiveAsync(newer);

        Assert.Equal(StoreFailure.NotActive, refused.Failure);
        Assert.Contains("as soon as the UpgradeWatch that is active on it has stopped", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await newer.FindAsync("01A", None));
        var tooOld = await Assert.ThrowsAsync<StoreException>(() => OpenAsync("older"));
        Assert.Equal(StoreFailure.Newer, tooOld.Failure);
    }

    [Fact]
    public async Task Of_many_that_start_at_once_exactly_one_is_active()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => OpenAsync($"{n}"))));

        Assert.Single(stores, store => store.Lease.IsHeld);
        foreach (var store in stores) await store.DisposeAsync();
    }

    private protected abstract Task<TableStore> OpenAsync(string name, IReadOnlyList<Migration> migrations);

    /// <summary>Changes the store from outside.</summary>
    private protected abstract Task ExecuteAsync(string sql);

    // The lock of a database is free a moment after its session has ended.
    private protected static async Task UntilActiveAsync(TableStore store)
    {
        var before = store.Lease.ConfirmedAt;
        while (!(await store.RenewLeaseAsync(None)).IsHeld || (before > 0 && store.Lease.ConfirmedAt == before))
        {
            await Task.Yield();
        }
    }

    private Task<TableStore> OpenAsync(string name) => OpenAsync(name, Migration.BuiltIn(Kind));
}
