using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Pipelines;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Engine.Tests.Pipelines;

/// <summary>Which upgrade a tool means, when others have opened one too.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private SqliteStore _store = null!;
    private UpgradeService _upgrades = null!;

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        _upgrades.Dispose();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Who has opened the upgrade to 1.5.0, its phase, what Flagger calls its version, and what becomes of the call that begins a canary.</summary>
    public static TheoryData<string, string, string?, string> Others { get; } = new()
    {
        { "alice", "pre-upgrade", null, "adopted" },
        { "alice", "upgrading", null, "adopted" },
        { "alice", "upgrading", "v1.5.0", "adopted" },
        { "alice", "upgrading", "1.6.0", "refused" },
        { "alice", "post-upgrade", null, "refused" },
        { "alice", "post-upgrade", "1.5.0", "adopted" },
        { "alice", "post-upgrade", "1.6.0", "refused" },
        { RolloutFollower.Kubernetes, "upgrading", null, "adopted" },
        { RolloutFollower.Kubernetes, "upgrading", "build-77", "adopted" },
        { RolloutFollower.Kubernetes, "post-upgrade", null, "superseded" },
        { RolloutFollower.Kubernetes, "post-upgrade", "1.6.0", "superseded" },
        { RolloutFollower.Kubernetes, "post-upgrade", "1.5.0", "adopted" },
        { RolloutFollower.VersionMetric, "upgrading", null, "adopted" },
        { "argocd", "upgrading", "1.6.0", "adopted" },
        { "argocd", "post-upgrade", "1.6.0", "superseded" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_others_have_opened_is_taken_over_left_alone_or_superseded(string by, string phase, string? version, string expected)
    {
        Assert.True(PhaseNames.TryParse(phase, out var at));
        if (by == "argocd") await FollowAsync(Argo("a1b2c3d", at));
        else await _upgrades.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "1.5.0", Phase = at, By = by }, default);
        var before = _upgrades.Newest("shop")!;

        var result = await _upgrades.FollowAsync(Flagger("7c9f", version), default);

        var told = result.Refusal is not null ? "refused" : result.Upgrade!.Id == before.Id ? "adopted" : "superseded";
        Assert.Equal(expected, told);
        if (expected == "refused") Assert.Equal(before.Id, result.Refusal!.OpenUpgradeId);
        if (expected != "refused") Assert.Equal(result.Upgrade!.Id, (await FollowAsync(Flagger("7c9f", version))).Id);
    }

    [Fact]
    public async Task Names_outlive_the_process()
    {
        var opened = await FollowAsync(Flagger("7c9f", "1.5.0"));
        await FollowAsync(Argo("a1b2c3d", Phase.Upgrading));
        await RestartAsync();

        Assert.Equal(opened.Id, (await FollowAsync(Flagger("7c9f", "1.5.0"))).Id);
        var moved = await FollowAsync(Argo("a1b2c3d", Phase.PostUpgrade));
        Assert.Equal((opened.Id, Phase.PostUpgrade), (moved.Id, moved.Phase));
        Assert.Equal(["flagger shop 7c9f", "argocd shop a1b2c3d"], moved.Pipelines!.Select(pipeline => pipeline.ToString()));
    }

    [Fact]
    public async Task What_is_begun_after_a_revision_is_named_by_the_next_call_also_in_another_process()
    {
        var announced = await FollowAsync(Flagger("7c9f", null) with { Change = new PipelineChange(PipelineTools.Flagger, "shop", "5d41", IsNext: true) });
        Assert.Equal("after 5d41", announced.ToVersion);
        await RestartAsync();

        var named = await FollowAsync(Flagger("7c9f", null) with { Opening = PipelineOpening.Once });

        Assert.Equal((announced.Id, "7c9f"), (named.Id, named.ToVersion));
        Assert.Equal(["flagger shop after 5d41", "flagger shop 7c9f"], named.Pipelines!.Select(pipeline => pipeline.ToString()));
    }

    [Fact]
    public async Task What_is_begun_after_a_revision_is_begun_once_and_is_no_other_once_it_has_a_name()
    {
        var begin = Flagger("7c9f", "1.5.0") with { Change = new PipelineChange(PipelineTools.Flagger, "shop", "5d41", "1.5.0", IsNext: true) };
        var begun = await FollowAsync(begin);
        var named = await FollowAsync(Flagger("7c9f", "1.5.0") with { Opening = PipelineOpening.Once });

        var other = await _upgrades.FollowAsync(begin with { Change = begin.Change with { Version = "1.6.0" } }, default);
        await FollowAsync(Flagger("7c9f", "1.5.0") with { Phase = Phase.Completed, Opening = PipelineOpening.Never });
        var late = await FollowAsync(begin);

        Assert.Equal((begun.Id, begun.Id, Phase.Completed), (named.Id, late.Id, late.Phase));
        Assert.Equal(RefusalKind.Conflict, other.Refusal!.Kind);
        Assert.Contains("stands for version '1.5.0'", other.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubernetes_leaves_it_to_Flagger_to_say_when_all_is_rolled_out()
    {
        var follower = new RolloutFollower(_upgrades, _store, Options, _time, NullLogger<RolloutFollower>.Instance);
        await follower.FollowAsync("shop", [Sighting("1.4.2", done: true)], RolloutFollower.Kubernetes, default);
        await FollowAsync(Flagger("7c9f", null));
        _time.Advance(TimeSpan.FromSeconds(10));

        await follower.FollowAsync("shop", [Sighting("1.5.0", done: false)], RolloutFollower.Kubernetes, default);
        await follower.FollowAsync("shop", [Sighting("1.5.0", done: true)], RolloutFollower.Kubernetes, default);
        Assert.Equal(Phase.Upgrading, _upgrades.Newest("shop")!.Phase);
        Assert.Single(await _upgrades.ListAsync("shop", null, 10, null, default));

        var promoted = await FollowAsync(Flagger("7c9f", null) with { Phase = Phase.PostUpgrade, Opening = PipelineOpening.Never });
        Assert.Equal(Phase.PostUpgrade, promoted.Phase);
    }

    [Theory]
    [InlineData("1.4.2", "1.4.2")]
    [InlineData("1.3.9", null)]
    public async Task What_Kubernetes_has_seen_run_is_what_the_first_upgrade_came_from(string other, string? from)
    {
        var follower = new RolloutFollower(_upgrades, _store, Options, _time, NullLogger<RolloutFollower>.Instance);
        await follower.FollowAsync("shop", [Sighting("1.4.2", done: true), Sighting(other, done: true) with { Workload = "Deployment shop/worker" }], RolloutFollower.Kubernetes, default);

        var first = await FollowAsync(Ci("1.5.0", Phase.Upgrading));
        var back = await FollowAsync(Ci("1.4.2", Phase.Upgrading));

        Assert.Equal(from, first.FromVersion);
        Assert.Equal(from is null ? Phase.Upgrading : Phase.RollingBack, back.Phase);
    }

    [Fact]
    public async Task What_is_told_late_of_an_earlier_change_does_not_supersede_the_later_one()
    {
        var early = _time.GetUtcNow();
        await FollowAsync(Argo("first", Phase.Upgrading) with { Since = early });
        _time.Advance(TimeSpan.FromMinutes(3));
        var second = await FollowAsync(Argo("second", Phase.Upgrading) with { Since = _time.GetUtcNow() });

        var late = await FollowAsync(Argo("first", Phase.Upgrading) with { Since = early });
        var unknown = await _upgrades.FollowAsync(Argo("zeroth", Phase.Upgrading) with { Since = early.AddMinutes(-1) }, default);

        Assert.Equal(Phase.Aborted, late.Phase);
        Assert.Equal(RefusalKind.NotFound, unknown.Refusal!.Kind);
        Assert.Equal(second.Id, _upgrades.Newest("shop")!.Id);
        Assert.True(_upgrades.Newest("shop")!.IsOpen);
    }

    [Theory]
    [InlineData("upgrading")]
    [InlineData("post-upgrade")]
    public async Task What_is_told_late_of_the_version_before_takes_nothing_back(string phase)
    {
        Assert.True(PhaseNames.TryParse(phase, out var told));
        var early = _time.GetUtcNow();
        foreach (var step in new[] { Phase.Upgrading, Phase.Completed }) await FollowAsync(Argo("first", step) with { Since = early });
        _time.Advance(TimeSpan.FromMinutes(90));
        var second = await FollowAsync(Argo("second", Phase.Upgrading) with { Since = _time.GetUtcNow() });
        Assert.Equal("first", second.FromVersion);

        await FollowAsync(Argo("first", told) with { Since = early, Opening = PipelineOpening.Once });
        Assert.Equal(Phase.Upgrading, _upgrades.Newest("shop")!.Phase);

        _time.Advance(TimeSpan.FromMinutes(5));
        await FollowAsync(Argo("first", told) with { Since = _time.GetUtcNow() });
        Assert.Equal(told == Phase.Upgrading ? Phase.RollingBack : Phase.RolledBack, _upgrades.Newest("shop")!.Phase);
    }

    [Fact]
    public async Task A_change_whose_upgrade_Kubernetes_has_opened_anew_goes_on_in_that_one()
    {
        await _upgrades.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "1.5.0", Phase = Phase.Upgrading, By = RolloutFollower.Kubernetes }, default);
        await FollowAsync(Argo("a1b2c3d", Phase.Upgrading));
        _time.Advance(TimeSpan.FromSeconds(5));
        var anew = await _upgrades.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "1.6.0", Phase = Phase.Upgrading, By = RolloutFollower.Kubernetes, Supersede = true }, default);

        var deployed = await FollowAsync(Argo("a1b2c3d", Phase.PostUpgrade) with { Opening = PipelineOpening.Never });

        Assert.Equal((anew.Upgrade!.Id, Phase.PostUpgrade), (deployed.Id, deployed.Phase));
    }

    [Fact]
    public async Task What_was_superseded_and_still_waits_for_its_verdict_does_not_supersede_in_turn()
    {
        var first = await FollowAsync(Ci("1.5.0", Phase.Upgrading));
        var second = await FollowAsync(Ci("1.6.0", Phase.Upgrading));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(first.Id, (await FollowAsync(Ci("1.5.0", Phase.PostUpgrade))).Id);
            Assert.Equal(second.Id, (await FollowAsync(Ci("1.6.0", Phase.PostUpgrade))).Id);
        }

        var told = await FollowAsync(Ci("1.5.0", Phase.RolledBack));
        Assert.Equal((first.Id, Phase.Aborted), (told.Id, told.Phase));
        Assert.Equal(2, (await _upgrades.ListAsync("shop", null, 10, null, default)).Count);
        Assert.NotEqual(first.Id, (await FollowAsync(Ci("1.5.0", Phase.Upgrading))).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_old_version_that_still_waits_for_its_verdict_takes_nothing_back(bool hasEnded)
    {
        var first = await FollowAsync(Ci("1.5.0", Phase.Upgrading));
        await FollowAsync(Ci("1.5.0", Phase.Completed));
        var second = await FollowAsync(Ci("1.6.0", Phase.Upgrading));
        if (hasEnded) await FollowAsync(Ci("1.6.0", Phase.Completed));

        var late = await FollowAsync(Ci("1.5.0", Phase.PostUpgrade));

        Assert.Equal(hasEnded ? Phase.Completed : Phase.Upgrading, (await _upgrades.FindAsync(second.Id, default))!.Phase);
        Assert.NotEqual(second.Id, late.Id);
        if (!hasEnded) Assert.Equal(first.Id, late.Id);
    }

    [Fact]
    public async Task Back_to_what_ran_before_all_attempts_is_going_back()
    {
        await FollowAsync(Ci("1.5.0", Phase.Upgrading));
        await FollowAsync(Ci("1.5.0", Phase.Completed));
        await FollowAsync(Ci("1.6.0", Phase.Upgrading));
        var fix = await FollowAsync(Ci("1.6.1", Phase.Upgrading));
        Assert.Null(fix.FromVersion);

        foreach (var (told, expected) in new[] { (Phase.Upgrading, Phase.RollingBack), (Phase.PostUpgrade, Phase.RolledBack), (Phase.Upgrading, Phase.RolledBack) })
        {
            var back = await FollowAsync(Ci("1.5.0", told));
            Assert.Equal((fix.Id, expected), (back.Id, back.Phase));
        }
    }

    [Fact]
    public async Task What_follows_while_people_go_back_is_not_held_up_and_looked_at()
    {
        var bad = (await _upgrades.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "1.5.0", Phase = Phase.Upgrading, By = "alice" }, default)).Upgrade!;
        await _upgrades.AdvanceAsync(bad.Id, new AdvanceCommand { Phase = Phase.RollingBack, By = "alice" }, default);

        var next = await FollowAsync(Ci("revert", Phase.Upgrading));

        Assert.NotEqual(bad.Id, next.Id);
        Assert.Equal(Phase.Upgrading, next.Phase);
    }

    [Theory]
    [InlineData("ci", false)]
    [InlineData(RolloutFollower.Kubernetes, true)]
    public async Task Only_what_is_seen_to_go_back_makes_a_revision_without_a_version_the_old_one(string by, bool isBack)
    {
        var bad = await FollowAsync(Ci("1.5.0", Phase.Upgrading));
        await _upgrades.AdvanceAsync(bad.Id, new AdvanceCommand { Phase = Phase.RollingBack, By = by }, default);

        var next = await FollowAsync(Ci("fix", Phase.Upgrading));

        Assert.Equal(isBack, next.Id == bad.Id);
        Assert.Equal(isBack ? Phase.RollingBack : Phase.Upgrading, next.Phase);
    }

    [Theory]
    [InlineData(RolloutFollower.Kubernetes, "upgrading", 0, true)]
    [InlineData(RolloutFollower.Kubernetes, "post-upgrade", 0, true)]
    [InlineData(RolloutFollower.VersionMetric, "post-upgrade", 20, true)]
    [InlineData(RolloutFollower.Kubernetes, "post-upgrade", -20, false)]
    public async Task A_sync_that_began_before_what_was_seen_is_that_although_it_is_told_when_all_is_rolled_out(string by, string phase, int secondsBefore, bool isSame)
    {
        Assert.True(PhaseNames.TryParse(phase, out var at));
        var seen = (await _upgrades.BeginAsync(new BeginCommand { Target = "shop", FromVersion = "1.4.2", ToVersion = "1.5.0", Phase = Phase.Upgrading, By = by }, default)).Upgrade!;
        if (at == Phase.PostUpgrade) await _upgrades.AdvanceAsync(seen.Id, new AdvanceCommand { Phase = at, By = by }, default);
        var since = _time.GetUtcNow().AddSeconds(-secondsBefore);
        _time.Advance(TimeSpan.FromMinutes(1));

        foreach (var told in new[] { Phase.Upgrading, Phase.PostUpgrade })
        {
            var deployed = await FollowAsync(Argo("e4f5a6b", told) with { Since = since, Opening = PipelineOpening.Once });
            Assert.Equal(isSame, deployed.Id == seen.Id);
        }

        Assert.Equal(isSame ? 1 : 2, (await _upgrades.ListAsync("shop", null, 10, null, default)).Count);
        Assert.Equal(Phase.PostUpgrade, _upgrades.Newest("shop")!.Phase);
    }

    [Theory]
    [InlineData(-30, true)]
    [InlineData(30, false)]
    public async Task A_sync_that_was_under_way_while_the_cluster_went_back_is_that_and_one_that_came_after_it_is_none(int seconds, bool isBack)
    {
        var bad = await SeeTwoAsync();
        await _upgrades.AdvanceAsync(bad.Id, new AdvanceCommand { Phase = Phase.RollingBack, By = RolloutFollower.Kubernetes }, default);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _upgrades.AdvanceAsync(bad.Id, new AdvanceCommand { Phase = Phase.RolledBack, By = RolloutFollower.Kubernetes }, default);
        var since = _time.GetUtcNow().AddSeconds(seconds);
        _time.Advance(TimeSpan.FromMinutes(1));

        foreach (var told in new[] { Phase.Upgrading, Phase.PostUpgrade })
        {
            var next = await FollowAsync(Argo("revert", told) with { Since = since, Opening = PipelineOpening.Once });
            Assert.Equal(isBack, next.Id == bad.Id);
        }
    }

    [Theory]
    [InlineData("post-upgrade")]
    [InlineData("rolling-back")]
    [InlineData("rolled-back")]
    public async Task The_revision_of_the_version_that_ran_is_going_back_whatever_the_cluster_calls_it(string phase)
    {
        Assert.True(PhaseNames.TryParse(phase, out var at));
        var bad = await SeeTwoAsync();
        foreach (var next in PhaseMachine.PathTo(Phase.PostUpgrade, at)) await _upgrades.AdvanceAsync(bad.Id, new AdvanceCommand { Phase = next, By = "ci" }, default);

        foreach (var told in new[] { Phase.Upgrading, Phase.PostUpgrade, Phase.Upgrading })
        {
            var back = await FollowAsync(Ci("h5", told));
            Assert.Equal(bad.Id, back.Id);
        }

        Assert.Equal(Phase.RolledBack, _upgrades.Newest("shop")!.Phase);
    }

    [Theory]
    [InlineData("pre-upgrade", "rolled-back", "pre-upgrade aborted")]
    [InlineData("upgrading", "rolled-back", "upgrading rolling-back rolled-back")]
    [InlineData("pre-upgrade", "post-upgrade", "pre-upgrade upgrading post-upgrade")]
    [InlineData("post-upgrade", "upgrading", "post-upgrade")]
    [InlineData("upgrading", "completed", "upgrading post-upgrade completed")]
    public async Task Moves_that_are_not_told_are_made_on_the_way(string from, string to, string phases)
    {
        Assert.True(PhaseNames.TryParse(from, out var first));
        Assert.True(PhaseNames.TryParse(to, out var second));
        await FollowAsync(Argo("a1b2c3d", first));

        var upgrade = await FollowAsync(Argo("a1b2c3d", second));

        Assert.Equal(phases, string.Join(' ', upgrade.History.Select(entry => entry.Phase.ToText())));
        Assert.Equal(upgrade.Revision, (await FollowAsync(Argo("a1b2c3d", second))).Revision);
    }

    [Fact]
    public async Task The_version_before_is_what_the_upgrade_before_has_left()
    {
        await FollowAsync(Argo("1.4.2", Phase.Completed, Phase.PostUpgrade));
        await FollowAsync(Argo("1.5.0", Phase.RolledBack, Phase.Upgrading));

        var third = await FollowAsync(Argo("1.6.0", Phase.Upgrading));

        Assert.Equal("1.4.2", third.FromVersion);
    }

    private static EngineOptions Options => new() { Targets = [new TargetOptions { Name = "shop" }] };

    private static PipelineStep Flagger(string checksum, string? version) => new()
    {
        Target = "shop",
        Change = new PipelineChange(PipelineTools.Flagger, "shop", checksum, version),
        Phase = Phase.Upgrading,
        Opening = PipelineOpening.Again,
    };

    private static PipelineStep Argo(string revision, Phase phase) => new()
    {
        Target = "shop",
        Change = new PipelineChange(PipelineTools.ArgoCd, "shop", revision),
        Phase = phase,
        Opening = PipelineOpening.Again,
        LooksBack = true,
        HasHappened = true,
    };

    private static PipelineStep Ci(string revision, Phase phase) => new()
    {
        Target = "shop",
        Change = new PipelineChange(PipelineTools.Generic, "shop", revision),
        Phase = phase,
        Opening = PipelineOpening.Again,
        LooksBack = true,
    };

    // Begun in one phase and led to another.
    private PipelineStep Argo(string revision, Phase end, Phase begin)
    {
        _upgrades.FollowAsync(Argo(revision, begin), default).GetAwaiter().GetResult();
        return Argo(revision, end);
    }

    private RolloutSighting Sighting(string version, bool done) => new()
    {
        Target = "shop",
        Workload = "Deployment shop/shop",
        Template = new RolloutTemplate(version, version),
        ChangedAt = _time.GetUtcNow(),
        DoneAt = done ? _time.GetUtcNow() : null,
    };

    private async Task<Upgrade> FollowAsync(PipelineStep step)
    {
        var result = await _upgrades.FollowAsync(step, default);
        Assert.True(result.Refusal is null, result.Refusal?.Detail);
        return result.Upgrade!;
    }

    // Kubernetes sees two versions, each of which a tool has its own word for: 1.5.0, which is good, and 1.6.0.
    private async Task<Upgrade> SeeTwoAsync()
    {
        await _upgrades.BeginAsync(new BeginCommand { Target = "shop", FromVersion = "1.4.2", ToVersion = "1.5.0", Phase = Phase.Upgrading, By = RolloutFollower.Kubernetes }, default);
        foreach (var told in new[] { Phase.Upgrading, Phase.Completed }) await FollowAsync(Ci("h5", told));
        await _upgrades.BeginAsync(new BeginCommand { Target = "shop", FromVersion = "1.5.0", ToVersion = "1.6.0", Phase = Phase.Upgrading, By = RolloutFollower.Kubernetes }, default);
        await FollowAsync(Ci("h6", Phase.Upgrading));
        return await FollowAsync(Ci("h6", Phase.PostUpgrade));
    }

    private async Task RestartAsync()
    {
        _upgrades.Dispose();
        await _store.DisposeAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _store = await SqliteStore.OpenAsync(_folder.File("store.db"), "test", _time, NullLogger<SqliteStore>.Instance, default);
        _upgrades = new UpgradeService(_store, Options, _time, NullLogger<UpgradeService>.Instance);
        await _upgrades.LoadAsync(default);
    }
}
