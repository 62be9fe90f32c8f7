using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.Storage.Tables;
using UpgradeWatch.Storage.Tests.Records;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Storage.Tests.Sqlite;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Samples.Noon);

    private string Database => _folder.File("state/store.db");

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_the_change_whole_and_takes_it_once_there_is_space()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        var pages = await store.Writer.RunAsync(c => c.Scalar<long>("PRAGMA page_count"), None);
        await store.Writer.RunAsync(c => c.Execute($"PRAGMA max_page_count = {pages + 2}"), None);
        var large = Samples.Upgrade("01B") with { Owner = new string('x', 50_000) };

        var error = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(large), None));

        Assert.Equal(StoreFailure.Full, error.Failure);
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
        Assert.Null(await store.FindAsync("01B", None));
        await store.Writer.RunAsync(c => c.Execute("PRAGMA max_page_count = 1000000"), None);
        await store.SaveAsync(Samples.Change(large), None);
        Assert.NotNull(await store.FindAsync("01B", None));
    }

    [Fact]
    public async Task A_read_only_store_refuses_changes_and_still_answers()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        await store.Writer.RunAsync(c => c.Execute("PRAGMA query_only = 1"), None);

        var error = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));

        Assert.Equal(StoreFailure.ReadOnly, error.Failure);
        Assert.NotNull(await store.FindAsync("01A", None));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_set_aside_with_its_content_and_a_new_store_is_begun()
    {
        _folder.Write("state/store.db", string.Concat(Enumerable.Repeat("this is not a database. ", 100)));
        var before = await File.ReadAllBytesAsync(Database);

        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        Assert.Equal(before, await File.ReadAllBytesAsync(Database + ".corrupt-20260301T120000000Z"));
    }

    [Fact]
    public async Task A_page_damaged_in_the_middle_is_noticed_when_the_store_is_opened()
    {
        await using (var store = await OpenAsync())
        {
            for (var n = 0; n < 30; n++)
            {
                await store.SaveAsync(Samples.Change(Samples.Upgrade($"{n:D2}", $"t{n}") with { Owner = new string('x', 3000) }), None);
            }
        }

        Damage(Database);
        await using var fresh = await OpenAsync();

        Assert.Empty(await fresh.LoadCurrentAsync(None));
        Assert.Single(Directory.GetFiles(_folder.File("state"), "store.db.corrupt-*"), path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_damaged_files_in_the_same_moment_are_both_kept()
    {
        for (var n = 0; n < 2; n++)
        {
            _folder.Write("state/store.db", string.Concat(Enumerable.Repeat($"not a database {n}. ", 100)));
            await (await OpenAsync()).DisposeAsync();
            File.Delete(Database);
        }

        Assert.Equal(2, Directory.GetFiles(_folder.File("state"), "store.db.corrupt-*").Length);
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_with_both_versions_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        Change("PRAGMA user_version = 7");

        var error = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.Equal(StoreFailure.Newer, error.Failure);
        Assert.Contains("version 7", error.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {Migration.BuiltIn("Sqlite")[^1].Version}", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File("state"), "*corrupt*"));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_folder.File("state"));
        Change("CREATE TABLE dashboards (id INTEGER)");

        var error = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        Change("SELECT count(*) FROM dashboards");
    }

    [Fact]
    public async Task An_older_store_is_copied_and_migrated_with_what_it_holds()
    {
        var built = Migration.BuiltIn("Sqlite");
        var newest = built[^1].Version;
        await using (var first = await OpenAsync(built))
        {
            await first.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        }

        await using (var second = await OpenAsync([.. built, new(newest + 1, "note", "ALTER TABLE events ADD COLUMN note TEXT")]))
        {
            Assert.NotNull(await second.FindAsync("01A", None));
            Assert.Equal(newest + 1, await second.Writer.RunAsync(c => c.Scalar<long>("PRAGMA user_version"), None));
        }

        File.Copy($"{Database}.v{newest}-20260301T120000000Z", Database, overwrite: true);
        await using var copy = await OpenAsync(built);
        Assert.NotNull(await copy.FindAsync("01A", None));
    }

    [Fact]
    public async Task Of_the_copies_before_migrations_the_newest_is_kept()
    {
        var built = Migration.BuiltIn("Sqlite");
        var newest = built[^1].Version;
        Migration note = new(newest + 1, "note", "ALTER TABLE events ADD COLUMN note TEXT");
        await (await OpenAsync(built)).DisposeAsync();
        await (await OpenAsync([.. built, note])).DisposeAsync();
        _time.Advance(TimeSpan.FromDays(1));
        await (await OpenAsync([.. built, note, new(newest + 2, "more", "ALTER TABLE events ADD COLUMN more TEXT")])).DisposeAsync();

        Assert.Equal([$"{Database}.v{newest + 1}-20260302T120000000Z"], Directory.GetFiles(_folder.File("state"), "store.db.v*"));
    }

    [Fact]
    public async Task A_file_that_is_damaged_while_it_is_open_is_said_and_set_aside_at_the_next_start()
    {
        await using (var store = await OpenAsync())
        {
            for (var n = 0; n < 60; n++)
            {
                await store.SaveAsync(Samples.Change(Samples.Upgrade($"{n:D2}", $"t{n}") with { Owner = new string('x', 3000) }), None);
            }

            await store.Writer.RunAsync(c => c.Execute("PRAGMA wal_checkpoint(TRUNCATE)"), None);
            await store.Writer.RunAsync(c => c.Execute("PRAGMA cache_size = 0; PRAGMA shrink_memory"), None);
            Damage(Database);

            var error = await Assert.ThrowsAsync<StoreException>(async () =>
            {
                for (var n = 0; n < 60; n++) await store.SaveAsync(Samples.Change(Samples.Upgrade($"{n:D2}", $"t{n}") with { Revision = 2 }), None);
            });
            Assert.Equal(StoreFailure.Corrupt, error.Failure);
            Assert.Contains(Database, error.Message, StringComparison.Ordinal);
        }

        await using var fresh = await OpenAsync();
        Assert.Empty(await fresh.LoadCurrentAsync(None));
        Assert.Contains(Directory.GetFiles(_folder.File("state")), file => file.StartsWith(Database + ".corrupt-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_another_program_holds_refuses_changes_until_that_lets_go_and_answers_meanwhile()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        using (var other = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            other.Open();
            using var held = other.BeginTransaction(deferred: false);

            var error = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None));

            Assert.Equal(StoreFailure.Locked, error.Failure);
            Assert.NotNull(await store.FindAsync("01A", None));
        }

        await store.SaveAsync(Samples.Change(Samples.Upgrade("01B")), None);
    }

    [Fact]
    public async Task A_store_of_version_1_is_brought_up_to_date_and_its_upgrades_have_utc()
    {
        await using (var first = await OpenAsync())
        {
            await first.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        }

        // As version 1 had left it.
        Change("DROP TABLE rollouts; DROP TABLE lease; DROP TABLE histories; UPDATE upgrades SET document = json_remove(document, '$.evaluation.timeZone'); PRAGMA user_version = 1");

        await using var store = await OpenAsync();
        Assert.Equal("UTC", (await store.FindAsync("01A", None))!.Evaluation.TimeZone);
        Assert.Null(await store.LoadHistoryAsync("01A", None));
        Assert.Equal(1, store.Lease.Number);
        Assert.Empty(await store.LoadRolloutsAsync("checkout", None));
    }

    [Fact]
    public async Task A_migration_that_fails_changes_nothing()
    {
        var built = Migration.BuiltIn("Sqlite");
        await (await OpenAsync(built)).DisposeAsync();
        Migration broken = new(built[^1].Version + 1, "broken", "ALTER TABLE events ADD COLUMN note TEXT; SELECT * FROM no_such_table");

        await Assert.ThrowsAsync<StoreException>(() => OpenAsync([.. built, broken]));

        await using var store = await OpenAsync(built);
        Assert.Equal(0, await store.Writer.RunAsync(c => c.Scalar<long>("SELECT count(*) FROM pragma_table_info('events') WHERE name = 'note'"), None));
    }

    [Fact]
    public async Task A_migrated_new_store_knows_every_built_in_migration_in_order()
    {
        var built = Migration.BuiltIn("Sqlite");
        await using var store = await OpenAsync();

        Assert.Equal(Enumerable.Range(1, built.Count), built.Select(m => m.Version));
        Assert.Equal(built.Count, await store.Writer.RunAsync(c => c.Scalar<long>("PRAGMA user_version"), None));
    }

    [Fact]
    public async Task Every_commit_is_flushed_to_the_disk()
    {
        await using var store = await OpenAsync();

        Assert.Equal("wal", await store.Writer.RunAsync(c => c.Scalar<string>("PRAGMA journal_mode"), None));
        Assert.Equal(2, await store.Writer.RunAsync(c => c.Scalar<long>("PRAGMA synchronous"), None));
        Assert.Equal(1, await store.Writer.RunAsync(c => c.Scalar<long>("PRAGMA foreign_keys"), None));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_with_its_path()
    {
        var file = _folder.Write("file", "");

        var error = await Assert.ThrowsAsync<StoreException>(
            () => SqliteStore.OpenAsync(Path.Combine(file, "store.db"), "test", _time, NullLogger.Instance, None));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private Task<SqliteStore> OpenAsync() => OpenAsync(Migration.BuiltIn("Sqlite"));

    private Task<SqliteStore> OpenAsync(IReadOnlyList<Migration> migrations) =>
        SqliteStore.OpenAsync(Database, "test", migrations, _time, NullLogger.Instance, None);

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        connection.ExecuteScript(sql);
    }

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 4096 * 3; at < bytes.Length; at += 4096)
        {
            bytes.AsSpan(at, 64).Fill(0xA5);
        }

        File.WriteAllBytes(path, bytes);
    }
}
