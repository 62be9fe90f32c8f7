using Xunit.Abstractions;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>The server is killed (<c>kill -9</c>), or asked to end (SIGTERM), at any moment: what it had said is done stays done, and is told once.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Seed = 20260504;

    [Theory]
    [InlineData(false, 10, 200)]
    [InlineData(true, 5, 40)]
    public async Task Nothing_is_lost_and_nothing_is_doubled_when_it_is_killed_or_asked_to_end_at_random_moments(bool isAsked, int kills, int fullKills)
    {
        await using var victim = await Victim.CreateAsync(isAsked: isAsked);
        victim.Grafana.Faults.Often(0.25, Seed);
        victim.Grafana.Faults.Slow(0.2, TimeSpan.FromSeconds(2.5), Seed);
        await victim.StartAsync();
        var driver = new UpgradeDriver(victim, Seed, Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? fullKills : kills);

        await driver.RunAsync();
        await victim.DrainAsync();

        var audit = await Audit.OpenAsync(victim.Server.DatabaseFile, victim.Grafana.Annotations);
        output.WriteLine($"seed {Seed}: {(isAsked ? "ended" : "killed")} {victim.Kills.Sum()} times ({string.Join(", ", Enum.GetValues<Stage>().Select(s => $"{s} {victim.Kills[(int)s]}"))})");
        output.WriteLine($"{driver.Upgrades} upgrades, {driver.Acknowledged.Count} acknowledged changes, {audit.Events.Count} events, {victim.Grafana.Annotations.Count} annotations, {victim.Grafana.Requests.Count} requests to Grafana");
        Assert.Equal("", string.Join('\n', audit.Run(driver.Acknowledged)));
        Assert.Equal(driver.Upgrades, audit.Upgrades.Count);
        Assert.All(victim.Kills, kills => Assert.True(kills > 0));

        // Who follows the events has each once, and a last start finds nothing more to say.
        await victim.StartAsync();
        await victim.Events.WaitForAsync(audit.Events.Count);
        Assert.Equal(audit.Events.Select(e => (e.Id, e.Type, e.State)), victim.Events.Seen.Select(e => (e.Id, e.Type, e.State)));
    }
}
