using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>The same over PostgreSQL, and with two servers on one store of which one is killed, stopped or held.</summary>
public sealed class SharedStoreKillTests(ITestOutputHelper output)
{
    private const int Seed = 20261123;

    private static bool IsFull => Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1";

    [Fact]
    public async Task Over_PostgreSQL_nothing_is_lost_and_nothing_is_doubled_when_it_is_killed_at_random_moments() =>
        await RunAsync(isPostgres: true, servers: 1, kills: IsFull ? 200 : 8);

    [Fact]
    public async Task Of_two_on_one_database_the_other_goes_on_when_one_is_killed_stopped_or_held_and_never_do_two_write() =>
        await RunAsync(isPostgres: true, servers: 2, kills: IsFull ? 50 : 5);

    [Fact]
    public async Task Of_two_on_one_file_the_other_goes_on_when_one_is_killed_or_stopped() =>
        await RunAsync(isPostgres: false, servers: 2, kills: IsFull ? 50 : 4);

    private async Task RunAsync(bool isPostgres, int servers, int kills)
    {
        await using var victim = await Victim.CreateAsync(isPostgres: isPostgres, servers: servers, seed: Seed);
        victim.Grafana.Faults.Often(0.25, Seed);
        victim.Grafana.Faults.Slow(0.2, TimeSpan.FromSeconds(2.5), Seed);
        await victim.StartAllAsync();
        var driver = new UpgradeDriver(victim, Seed, kills);

        await driver.RunAsync();
        await victim.DrainAsync();

        await using var store = await victim.OpenStoreAsync();
        var audit = await Audit.OpenAsync(store, victim.Grafana.Annotations);
        output.WriteLine($"seed {Seed}: {victim.Kills.Sum()} times ({string.Join(", ", Enum.GetValues<Stage>().Select(s => $"{s} {victim.Kills[(int)s]}"))}), {store.Lease.Number} leases");
        if (victim.Pair is { } pair) output.WriteLine($"{pair.Ways}; the longest takeover took {pair.LongestTakeover.TotalSeconds:0.0} s");
        output.WriteLine($"{driver.Upgrades} upgrades, {driver.Acknowledged.Count} acknowledged changes, {audit.Events.Count} events, {victim.Grafana.Annotations.Count} annotations");
        Assert.Equal("", string.Join('\n', audit.Run(driver.Acknowledged)));
        Assert.Equal(driver.Upgrades, audit.Upgrades.Count);
        if (victim.Pair is { } both) Assert.True(both.LongestTakeover < TimeSpan.FromSeconds(30), $"the longest takeover took {both.LongestTakeover}");
        if (victim.Database is { } database) Assert.Equal(0, await database.CountForeignWritesAsync());
    }
}
