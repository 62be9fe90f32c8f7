using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Stores;

namespace UpgradeWatch.Engine.Tests.Rollouts;

/// <summary>What is seen becomes upgrades, once each, whatever happens between.</summary>
public sealed class RolloutFollowerTests : IAsyncLifetime
{
    private const string By = RolloutFollower.Kubernetes;

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private FillableStore _store = null!;
    private UpgradeService _upgrades = null!;
    private RolloutFollower _follower = null!;
    private bool _enforces;

    [Fact]
    public async Task WhatRunsWhenItIsFirstSeen_IsHowItWasBefore()
    {
        await SeeAsync("1.0", done: true);
        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task ARolloutThatIsUnderWayWhenItIsFirstSeen_IsFollowed()
    {
        await SeeAsync("2.0", before: "1.0", ago: 120);
        Assert.Equal(["1.0 2.0 upgrading"], await AllAsync());
        Assert.Equal(_time.GetUtcNow().AddSeconds(-120), _upgrades.Newest("checkout")!.UpgradedAt);
    }

    [Fact]
    public async Task AWorkloadThatIsNew_IsNoUpgrade()
    {
        await SeeAsync("1.0");
        await SeeAsync("1.0", done: true);
        await SeeAsync("1.1");
        Assert.Equal(["1.0 1.1 upgrading"], await AllAsync());
    }

    [Fact]
    public async Task TheSameSightingAgain_ChangesNothing()
    {
        await SeeAsync("1.0", done: true);
        for (var i = 0; i < 3; i++) await SeeAsync("2.0");
        for (var i = 0; i < 3; i++) await SeeAsync("2.0", done: true);
        Assert.Equal(["1.0 2.0 post-upgrade"], await AllAsync());
        Assert.Equal(2, _upgrades.Newest("checkout")!.History.Count);
    }

    [Fact]
    public async Task AStoreThatFailsBetweenAMoveAndItsMemory_LosesAndDoublesNothing()
    {
        await SeeAsync("1.0", done: true);
        foreach (var (version, done) in ((string, bool)[])[("2.0", false), ("2.0", true), ("1.0", false), ("1.0", true), ("2.0", false), ("2.0", true)])
        {
            // Every move is stored, and what is remembered of it is not; then the process dies.
            _store.RefusesRollouts = StoreFailure.Full;
            await Assert.ThrowsAsync<StoreException>(() => SeeUntilRefusedAsync(version, done));
            _store.RefusesRollouts = null;
            await StartAgainAsync();
            await SeeAsync(version, done);
        }

        Assert.Equal(["1.0 2.0 post-upgrade", "1.0 2.0 rolled-back"], await AllAsync());
    }

    [Fact]
    public async Task AnotherImageOfTheSameVersion_IsAnUpgrade_AndItsReturnARollback()
    {
        await SeeAsync("1.0", done: true, image: "a");
        await SeeAsync("1.0", image: "b");
        await SeeAsync("1.0", done: true, image: "b");
        await SeeAsync("1.0", image: "a");
        await SeeAsync("1.0", done: true, image: "a");
        await SeeAsync("1.0", image: "b");
        Assert.Equal(["1.0 1.0 upgrading", "1.0 1.0 rolled-back"], await AllAsync());
    }

    [Fact]
    public async Task ATwiceSupersededRollout_ThatReturnsToAnyEarlierTemplate_IsARollback()
    {
        await SeeAsync("1.0", done: true);
        await SeeAsync("2.0");
        await SeeAsync("3.0");
        await SeeAsync("2.0");
        Assert.Equal(["1.0 3.0 rolling-back", "1.0 2.0 aborted"], await AllAsync());
        await SeeAsync("2.0", done: true);
        await SeeAsync("3.0");
        Assert.Equal(["2.0 3.0 upgrading", "1.0 3.0 rolled-back", "1.0 2.0 aborted"], await AllAsync());
    }

    [Fact]
    public async Task AnUpgradeThatSomebodySaysIsHappening_IsTheOneThatIsSeen_WhateverTheVersionIsCalled()
    {
        await SeeAsync("1.0", done: true);
        await BeginAsync("release 2", Phase.Upgrading);
        await SeeAsync("1.0", done: true);
        Assert.Equal(["- release 2 upgrading"], await AllAsync());
        await SeeAsync("2.0");
        await SeeAsync("2.0", done: true);
        Assert.Equal(["- release 2 post-upgrade"], await AllAsync());
    }

    [Fact]
    public async Task AnAnnouncementOfAnotherVersion_IsSuperseded()
    {
        await SeeAsync("1.0", done: true);
        await BeginAsync("3.0", Phase.PreUpgrade);
        await SeeAsync("1.1");
        Assert.Equal(["1.0 1.1 upgrading", "- 3.0 aborted"], await AllAsync());
    }

    [Fact]
    public async Task ToldToGoBack_ItIsNotBackBeforeTheWorkloadIs()
    {
        await SeeAsync("1.0", done: true);
        await SeeAsync("2.0", done: true);
        await _upgrades.AdvanceAsync(_upgrades.Newest("checkout")!.Id, new AdvanceCommand { Phase = Phase.RollingBack }, default);
        await SeeAsync("2.0", done: true);
        Assert.Equal(["1.0 2.0 rolling-back"], await AllAsync());
        await SeeAsync("1.0", done: true);
        Assert.Equal(["1.0 2.0 rolled-back"], await AllAsync());
    }

    [Fact]
    public async Task TheWorkloadsOfOneTarget_AreOneUpgrade_DoneWhenAllAre()
    {
        await SeeAllAsync(("web", "1.0", true), ("worker", "w1", true));
        await SeeAllAsync(("web", "2.0", false), ("worker", "w1", true));
        await SeeAllAsync(("web", "2.0", false), ("worker", "w2", false));
        await SeeAllAsync(("web", "2.0", true), ("worker", "w2", false));
        Assert.Equal(["1.0 2.0 upgrading"], await AllAsync());
        await SeeAllAsync(("web", "2.0", true), ("worker", "w2", true));
        Assert.Equal(["1.0 2.0 post-upgrade"], await AllAsync());
    }

    [Fact]
    public async Task AChangeThatIsOlderThanAllHistory_IsRemembered_NotJudged()
    {
        await SeeAsync("1.0", done: true);
        await SeeAsync("2.0", done: true, ago: 8 * 86400);
        Assert.Empty(await AllAsync());
        await SeeAsync("3.0");
        Assert.Equal(["2.0 3.0 upgrading"], await AllAsync());
    }

    [Fact]
    public async Task ATimeThatHasNotCome_IsNow()
    {
        await SeeAsync("1.0", done: true);
        await SeeAsync("2.0", ago: -600);
        Assert.Equal(_time.GetUtcNow(), _upgrades.Newest("checkout")!.UpgradedAt);
    }

    [Fact]
    public async Task WhatHasHappened_IsNotHeldUpByAChecklist_AndThatIsRecorded()
    {
        _enforces = true;
        await StartAgainAsync();
        await SeeAsync("1.0", done: true);
        await BeginAsync("2.0", Phase.PreUpgrade);
        await SeeAsync("2.0");
        var entry = _upgrades.Newest("checkout")!.History[^1];
        Assert.Equal(Phase.Upgrading, entry.Phase);
        Assert.True(entry.Forced);
        Assert.Contains("rollback-plan", entry.OpenItems!);
    }

    [Fact]
    public async Task TheOwnerFromTheCluster_CountsWhereTheConfigurationNamesNobody()
    {
        await SeeAsync("1.0", done: true);
        await SeeAsync("2.0");
        Assert.Equal("shop-team", _upgrades.Newest("checkout")!.Owner);
    }

    public async Task InitializeAsync() => await OpenAsync();

    public async Task DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task SeeUntilRefusedAsync(string version, bool done)
    {
        await SeeAsync(version, done);
        throw new StoreException(StoreFailure.Full, "nothing was to be remembered");
    }

    private Task SeeAsync(string version, bool done = false, string? before = null, double ago = 0, string image = "") => FollowAsync(
        new RolloutSighting
        {
            Target = "checkout",
            Workload = "Deployment shop/checkout",
            Template = new RolloutTemplate(version, version + image),
            Before = before is null ? null : new RolloutTemplate(before, before),
            ChangedAt = Tick().AddSeconds(-ago),
            DoneAt = done ? _time.GetUtcNow().AddSeconds(-ago) : null,
            Owner = "shop-team",
        });

    private Task SeeAllAsync(params (string Name, string Version, bool Done)[] workloads) => FollowAsync(
        [.. workloads.Select(one => new RolloutSighting { Target = "checkout", Workload = one.Name, Template = new RolloutTemplate(one.Version, one.Version), ChangedAt = Tick(), DoneAt = one.Done ? _time.GetUtcNow() : null })]);

    private async Task FollowAsync(params RolloutSighting[] sightings) => Assert.Null(await _follower.FollowAsync("checkout", sightings, By, default));

    private DateTimeOffset Tick()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        return _time.GetUtcNow();
    }

    private async Task BeginAsync(string version, Phase phase) =>
        Assert.Null((await _upgrades.BeginAsync(new BeginCommand { Target = "checkout", ToVersion = version, Phase = phase, At = Tick() }, default)).Refusal);

    private async Task<string[]> AllAsync() =>
        [.. (await _upgrades.ListAsync(null, null, 100, null, default)).Select(one => $"{one.FromVersion ?? "-"} {one.ToVersion} {one.Phase.ToText()}")];

    private async Task StartAgainAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        var options = new EngineOptions { Targets = [new TargetOptions { Name = "checkout" }], Checklist = new ChecklistOptions { Enforce = _enforces, Items = _enforces ? [new ChecklistItemOptions { Id = "rollback-plan", Required = true }] : [] } };
        _store = new FillableStore(await SqliteStore.OpenAsync(_folder.File("store.db"), "test", _time, NullLogger<SqliteStore>.Instance, default));
        _upgrades = new UpgradeService(_store, options, _time, NullLogger<UpgradeService>.Instance);
        await _upgrades.LoadAsync(default);
        _follower = new RolloutFollower(_upgrades, _store, options, _time, NullLogger<RolloutFollower>.Instance);
    }

    private async Task CloseAsync()
    {
        _upgrades.Dispose();
        await _store.DisposeAsync();
    }
}
