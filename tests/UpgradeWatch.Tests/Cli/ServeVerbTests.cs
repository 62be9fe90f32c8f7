using UpgradeWatch.Cli;
using UpgradeWatch.TestKit.Postgres;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Cli;

public sealed class ServeVerbTests
{
    [Fact]
    public async Task One_that_has_to_begin_anew_waits_for_a_database_that_lets_nobody_in()
    {
        await using var database = await PostgresServer.StartNewAsync();
        using var folder = new TempFolder();
        var name = await database.CreateDatabaseAsync();
        var config = folder.Write("upgradewatch.yaml", $"prometheus: {{ url: 'http://127.0.0.1:{FreePort.Next()}' }}\nstorage: {database.StorageFor(name)}\ntargets: [{{ name: shop, profile: auto }}]\n");
        using var stop = new CancellationTokenSource();
        using var output = new Lines();
        using var error = new Lines();
        var serving = CliApp.RunAsync(
            ["serve", "--config", config, "--urls", "http://127.0.0.1:0", "--metrics-urls", "http://127.0.0.1:0"], new CliContext { Out = output, Error = error }, stop.Token);
        await output.UntilAsync("API at", 1);

        await database.ExecuteAsync("ALTER ROLE upgradewatch NOLOGIN; UPDATE upgradewatch.lease SET number = number + 1, holder = 'other'", name);
        await error.UntilAsync("not permitted to log in", 1);
        await database.ExecuteAsync("ALTER ROLE upgradewatch LOGIN", name);
        await output.UntilAsync("API at", 2);
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Done, await serving);
    }
}
