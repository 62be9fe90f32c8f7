using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Stores;

/// <summary>A backup taken while the server runs, and what becomes of what is outside when an older one is restored.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task After_an_older_backup_is_restored_what_is_outside_is_found_again_and_nothing_is_doubled()
    {
        await using var victim = await Victim.CreateAsync();
        using var folder = new TempFolder();
        await victim.StartAsync();
        var shop = new Shop(victim);
        var (_, id, _) = await shop.BeginAsync("2.0.0");
        await shop.MoveAsync(id, "upgrading");
        var copy = folder.File("copy.db");
        var (status, _, said) = await UpgradeWatchExecutable.RunAsync("backup", "--config", victim.Server.ConfigFile, "--out", copy);
        Assert.True(status == 0, said);
        await FinishAsync(shop, id);
        await victim.DrainAsync();
        var before = Told(victim);

        File.Copy(copy, victim.Server.DatabaseFile, overwrite: true);
        await victim.StartAsync();
        Assert.Equal("upgrading", (await shop.GetAsync($"/api/v1/upgrades/{id}")).GetProperty("phase").GetString());
        await FinishAsync(shop, id);
        await victim.DrainAsync();

        Assert.Equal(before, Told(victim));
        Assert.Equal(before.Count, before.Distinct().Count());
    }

    private static async Task FinishAsync(Shop shop, string id)
    {
        await shop.MoveAsync(id, "post-upgrade");
        await shop.MoveAsync(id, "completed");
    }

    private static List<string> Told(Victim victim) =>
        [.. victim.Grafana.Annotations.Select(annotation => annotation.Index.Single(tag => tag.Key == "uwkey").Value ?? "").Order(StringComparer.Ordinal)];
}
