using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Storage.Tests.Sqlite;

public sealed class SqliteBackupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Database => _folder.File("store.db");

    private string Copy => _folder.File("copy.db");

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_of_a_store_in_use_opens_as_a_store_with_all_that_was_saved_before()
    {
        await using (var store = await OpenAsync(Database))
        {
            await store.SaveAsync(Samples.Change(Samples.Upgrade()) with { Events = [Samples.Event()], Outbox = [Samples.Entry()] }, None);
            SqliteBackup.Write(Database, Copy);
            await store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None);
        }

        await using var copy = await OpenAsync(Copy);
        Same.Assert(Samples.Upgrade(), await copy.FindAsync("01A", None));
        Assert.Null(await copy.FindAsync("01B", None));
        Assert.Single(await copy.PendingOutboxAsync("grafana", 10, None));
        Assert.Equal(1, await copy.LastEventIdAsync(None));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.unfinished"));
    }

    [Fact]
    public async Task Writers_go_on_while_copies_are_made_and_each_copy_is_whole()
    {
        await using var store = await OpenAsync(Database);
        var writing = Parallel.ForAsync(0, 200, async (n, cancel) =>
            await store.SaveAsync(Samples.Change(Samples.Upgrade($"{n:D3}", $"t{n}")) with { Events = [Samples.Event($"{n:D3}")] }, cancel));
        var copies = new List<string>();
        do
        {
            copies.Add(_folder.File($"copy{copies.Count}.db"));
            SqliteBackup.Write(Database, copies[^1]);
        }
        while (!writing.IsCompleted && copies.Count < 5);

        await writing;
        foreach (var path in copies)
        {
            await using var copy = await OpenAsync(path);
            Assert.Equal((await copy.EventsAfterAsync(0, 1000, None)).Count, (await copy.ListAsync(null, null, 1000, null, None)).Count);
        }
    }

    [Fact]
    public async Task What_is_there_already_is_never_written_over()
    {
        await (await OpenAsync(Database)).DisposeAsync();
        _folder.Write("copy.db", "precious");

        var error = Assert.Throws<StoreException>(() => SqliteBackup.Write(Database, Copy));

        Assert.Contains("is there already", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Copy));
    }

    [Fact]
    public void A_store_that_is_not_there_or_not_a_store_is_said_and_leaves_nothing()
    {
        Assert.Contains(Database, Assert.Throws<StoreException>(() => SqliteBackup.Write(Database, Copy)).Message, StringComparison.Ordinal);
        _folder.Write("store.db", string.Concat(Enumerable.Repeat("this is not a database. ", 100)));

        Assert.Equal(StoreFailure.Corrupt, Assert.Throws<StoreException>(() => SqliteBackup.Write(Database, Copy)).Failure);
        Assert.Equal([Database], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said()
    {
        await (await OpenAsync(Database)).DisposeAsync();

        var error = Assert.Throws<StoreException>(() => SqliteBackup.Write(Database, _folder.File("nowhere/copy.db")));

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_can_open_the_store_hold_its_lock_or_read_a_copy()
    {
        if (OperatingSystem.IsWindows()) return;
        var built = Migration.BuiltIn("Sqlite");
        await (await OpenAsync(Database)).DisposeAsync();
        Migration note = new(built[^1].Version + 1, "note", "ALTER TABLE events ADD COLUMN note TEXT");

        await using (await SqliteStore.OpenAsync(Database, "test", [.. built, note], new FakeTimeProvider(), NullLogger.Instance, None))
        {
            SqliteBackup.Write(Database, Copy);

            var files = Directory.GetFiles(_folder.Path);
            // The store, its log and index, its lock, the copy before the migration, and the backup.
            Assert.Equal(6, files.Length);
            foreach (var file in files) Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
        }
    }

    [Fact]
    public void What_is_written_goes_nowhere_else_by_a_link_that_somebody_has_laid()
    {
        File.CreateSymbolicLink(Copy, _folder.File("elsewhere"));

        Assert.Throws<IOException>(() => OwnFile.Create(Copy));

        Assert.False(File.Exists(_folder.File("elsewhere")));
    }

    private static Task<SqliteStore> OpenAsync(string path) => SqliteStore.OpenAsync(path, "test", new FakeTimeProvider(), NullLogger.Instance, None);
}
