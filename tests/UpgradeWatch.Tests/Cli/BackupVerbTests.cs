using UpgradeWatch.Cli;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Cli;

public sealed class BackupVerbTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_copies_the_store_of_a_server_that_runs()
    {
        var options = RunningServer.Options(_folder.File("store.db"));
        await using var server = await RunningServer.StartAsync(options);
        var id = await server.BeginAsync();
        var config = _folder.Write("upgradewatch.yaml", $"storage: {{ path: '{_folder.File("store.db")}' }}\n");

        var run = await CliRun.OfAsync("backup", "--config", config, "--out", _folder.File("copy.db"));

        Assert.Equal((ExitCodes.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("was copied to", run.Out, StringComparison.Ordinal);
        await using var restored = await RunningServer.StartAsync(RunningServer.Options(_folder.File("copy.db")));
        Assert.Equal(id, (await restored.GetAsync($"/api/v1/upgrades/{id}")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Of_a_database_it_says_how_that_is_saved_and_restored()
    {
        var config = _folder.Write("upgradewatch.yaml", "storage: { postgres: 'Host=db;Port=5433;Database=watch;Username=uw;Search Path=eu' }\n");

        var run = await CliRun.OfAsync("backup", "--config", config, "--out", "it's.dump");

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(@"pg_dump --host=db --port=5433 --username=uw --format=custom --schema=eu --file='it'\''s.dump' watch", run.Error, StringComparison.Ordinal);
        Assert.Contains("pg_restore --host=db --port=5433 --username=uw --clean --if-exists", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_said()
    {
        var config = _folder.Write("upgradewatch.yaml", $"storage: {{ path: '{_folder.File("none.db")}' }}\n");

        var run = await CliRun.OfAsync("backup", "--config", config, "--out", _folder.File("copy.db"));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("none.db", run.Error, StringComparison.Ordinal);
    }
}
