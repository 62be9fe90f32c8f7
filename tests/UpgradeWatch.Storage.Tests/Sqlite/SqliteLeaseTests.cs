using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Storage.Tests.Sqlite;

public sealed class SqliteLeaseTests : LeaseBehaviour, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Database => _folder.File("store.db");

    private protected override string Kind => "Sqlite";

    [Fact]
    public async Task One_whose_lock_file_was_deleted_has_lost_before_it_can_write()
    {
        await using var first = await OpenAsync("first", Migration.BuiltIn(Kind));
        File.Delete(Database + ".lock");
        await using var second = await OpenAsync("second", Migration.BuiltIn(Kind));

        Assert.Equal(LeaseRole.Active, second.Lease.Role);
        await Assert.ThrowsAsync<StoreException>(() => first.SaveAsync(Samples.Change(Samples.Upgrade()), None));
        Assert.Equal((LeaseRole.Lost, "second"), ((await first.RenewLeaseAsync(None)).Role, first.Lease.Holder));
        await second.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None);
        Assert.Null(await second.FindAsync("01A", None));
    }

    [Fact]
    public async Task One_that_stands_by_reads_the_new_file_when_a_damaged_one_was_set_aside()
    {
        await using var first = await OpenAsync("first", Migration.BuiltIn(Kind));
        await using var second = await OpenAsync("second", Migration.BuiltIn(Kind));
        await first.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        Assert.NotNull(await second.FindAsync("01A", None));
        await first.DisposeAsync();
        await File.WriteAllTextAsync(Database, string.Concat(Enumerable.Repeat("this is not a database. ", 100)));
        await using var third = await OpenAsync("third", Migration.BuiltIn(Kind));
        await third.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None);

        Assert.Equal((LeaseRole.Standby, "third"), ((await second.RenewLeaseAsync(None)).Role, second.Lease.Holder));
        Assert.Null(await second.FindAsync("01A", None));
        Assert.NotNull(await second.FindAsync("01B", None));
    }

    [Fact]
    public async Task Before_the_active_one_has_made_the_store_it_says_so()
    {
        using var held = StoreLock.TryTake(Database);
        await using var store = await OpenAsync("second", Migration.BuiltIn(Kind));

        Assert.Equal((LeaseRole.Standby, null), (store.Lease.Role, store.Lease.Holder));
        var error = await Assert.ThrowsAsync<StoreException>(() => store.LoadCurrentAsync(None));
        Assert.Equal(StoreFailure.NotActive, error.Failure);
        Assert.Contains("not there yet", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task One_that_cannot_write_its_name_is_active_and_enters_with_the_first_change_that_is_stored()
    {
        await (await OpenAsync("first", Migration.BuiltIn(Kind))).DisposeAsync();
        StoreException refused;
        await using var store = await WhileHeldAsync(() => OpenAsync("second", Migration.BuiltIn(Kind)));
        await using var standby = await OpenAsync("third", Migration.BuiltIn(Kind));
        refused = await Assert.ThrowsAsync<StoreException>(() => standby.SaveAsync(Samples.Change(Samples.Upgrade()), None));

        Assert.Equal((LeaseRole.Active, 2L), ((await store.RenewLeaseAsync(None)).Role, store.Lease.Number));
        Assert.Equal(StoreFailure.NotActive, refused.Failure);
        Assert.Equal("first", standby.Lease.Holder);
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        Assert.Equal(("second", 2L), ((await standby.RenewLeaseAsync(None)).Holder, standby.Lease.Number));
    }

    private protected override async Task<TableStore> OpenAsync(string name, IReadOnlyList<Migration> migrations) =>
        await SqliteStore.OpenAsync(Database, name, migrations, new FakeTimeProvider(Samples.Noon), NullLogger.Instance, None);

    private protected override Task ExecuteAsync(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
        return Task.CompletedTask;
    }

    // Another program holds the file: what is to be written waits in vain.
    private async Task<TableStore> WhileHeldAsync(Func<Task<TableStore>> work)
    {
        using var connection = Connect();
        using var held = connection.BeginTransaction(deferred: false);
        return await work();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
