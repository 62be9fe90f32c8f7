using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Sqlite;

namespace UpgradeWatch.AotSmoke;

/// <summary>Begins and advances an upgrade, closes the SQLite store, and finds everything in it again.</summary>
internal static class StoreSmoke
{
    private static readonly EngineOptions Options = new() { Targets = [new TargetOptions { Name = "checkout" }] };

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("upgradewatch-smoke-");
        try
        {
            var path = Path.Combine(folder.FullName, "upgradewatch.db");
            var id = await BeginAndAdvanceAsync(path);
            await FindAgainAsync(path, id);
            await KeepHistoryAsync(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> BeginAndAdvanceAsync(string path)
    {
        await using var store = await OpenAsync(path);
        using var upgrades = new UpgradeService(store, Options, TimeProvider.System, NullLogger<UpgradeService>.Instance);
        await upgrades.LoadAsync(CancellationToken.None);
        var begun = await upgrades.BeginAsync(
            new BeginCommand { Target = "checkout", FromVersion = "1.4.2", ToVersion = "1.5.0", IdempotencyKey = "smoke" }, CancellationToken.None);
        Expect.True(begun.Upgrade is not null, $"an upgrade is begun: {begun.Refusal}");
        var moved = await upgrades.AdvanceAsync(begun.Upgrade!.Id, new AdvanceCommand { Phase = Phase.Upgrading }, CancellationToken.None);
        Expect.True(moved.Changed, $"it is advanced: {moved.Refusal}");
        return begun.Upgrade.Id;
    }

    private static async Task FindAgainAsync(string path, string id)
    {
        await using var store = await OpenAsync(path);
        var upgrade = await store.FindAsync(id, CancellationToken.None);
        Expect.True(upgrade is { Phase: Phase.Upgrading, ToVersion: "1.5.0", Checklist.Count: > 0 }, $"the upgrade was kept: {upgrade}");
        Expect.True(await store.LastEventIdAsync(CancellationToken.None) >= 2, "its events were kept");
    }

    private static async Task KeepHistoryAsync(string path)
    {
        await using var store = await OpenAsync(path);
        var values = Enumerable.Range(0, 3 * 1440).Select(minute => minute % 500 == 0 ? float.NaN : 10 + (minute % 7)).ToArray();
        Expect.True(TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out var zone), "time zones are known");
        var reference = SeriesReference.Create(new MinuteSeries(29_000_000, values), 29_000_000 + values.Length, new ReferenceOptions { TimeZone = zone! });
        var history = new FrozenHistory
        {
            PlanKey = "smoke",
            FirstMinute = 29_000_000,
            Minutes = values.Length,
            ValueSeconds = 60,
            Slis = [new FrozenSeries { Sli = "queue", Values = values, Events = [], Exposures = [], Reference = reference?.State }],
        };
        var current = (await store.LoadCurrentAsync(CancellationToken.None))[0];
        await store.SaveAsync(new StoreChange([current with { Revision = current.Revision + 1 }]) { History = history }, CancellationToken.None);
        var kept = (await store.LoadHistoryAsync(current.Id, CancellationToken.None))!.Slis[0];
        Expect.True(kept.Values.AsSpan().SequenceEqual(values), "a history is kept to the last bit");
        Expect.True(kept.Reference is { Moments.Length: > 0 } && SeriesReference.Restore(kept.Reference).Placebos == reference!.Placebos, "so is what was worked out of it");
    }

    private static Task<SqliteStore> OpenAsync(string path) =>
        SqliteStore.OpenAsync(path, "test", TimeProvider.System, NullLogger.Instance, CancellationToken.None);
}
