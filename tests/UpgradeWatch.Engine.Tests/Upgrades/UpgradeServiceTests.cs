using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Engine.Tests.Upgrades;

public sealed class UpgradeServiceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly List<EngineEvent> _events = [];
    private SqliteStore _store = null!;
    private UpgradeService _service = null!;

    public async Task InitializeAsync() => await OpenAsync(new ChecklistOptions());

    public async Task DisposeAsync()
    {
        _service.Dispose();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_upgrade_begins_in_pre_upgrade_with_nothing_judged()
    {
        var upgrade = await BeginAsync();

        Assert.Equal(Phase.PreUpgrade, upgrade.Phase);
        Assert.Equal(FindingStatus.Pending, upgrade.Verdict.Status);
        Assert.Equal(Start, upgrade.History[0].At);
        Assert.Contains(_events, e => e is { Type: "phase", State: "pre-upgrade" });
        Assert.Single(await _store.PendingOutboxAsync("grafana", 10, default));
    }

    [Fact]
    public async Task An_unknown_target_is_refused_with_the_known_ones()
    {
        var result = await _service.BeginAsync(new BeginCommand { Target = "shopp", ToVersion = "2" }, default);

        Assert.Equal(RefusalKind.Invalid, result.Refusal!.Kind);
        Assert.Equal(["shop", "search"], result.Refusal.Known);
    }

    [Fact]
    public async Task A_second_upgrade_of_a_target_is_refused_and_names_the_open_one()
    {
        var open = await BeginAsync();

        var result = await _service.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "3" }, default);

        Assert.Equal(RefusalKind.Conflict, result.Refusal!.Kind);
        Assert.Equal(open.Id, result.Refusal.OpenUpgradeId);
    }

    [Fact]
    public async Task Superseding_closes_the_open_one_as_aborted_and_superseded()
    {
        var open = await BeginAsync();
        await MoveAsync(open.Id, Phase.Upgrading);

        var result = await _service.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "3", Supersede = true }, default);

        var closed = (await _service.FindAsync(open.Id, default))!;
        Assert.Equal(Phase.Aborted, closed.Phase);
        Assert.Equal(FindingCodes.Superseded, closed.Verdict.Code);
        Assert.True(closed.Verdict.Final);
        Assert.NotNull(closed.Unhealthy);
        Assert.Equal(result.Upgrade!.Id, _service.Newest("shop")!.Id);
    }

    [Fact]
    public async Task Two_targets_are_upgraded_at_the_same_time()
    {
        await BeginAsync();

        var other = await _service.BeginAsync(new BeginCommand { Target = "search", ToVersion = "9" }, default);

        Assert.NotNull(other.Upgrade);
        Assert.Equal(2, _service.Current.Count(u => u.IsOpen));
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_upgrade_also_after_a_restart()
    {
        var command = new BeginCommand { Target = "shop", ToVersion = "2", IdempotencyKey = "build-17" };
        var first = await _service.BeginAsync(command, default);
        await RestartAsync();

        var second = await _service.BeginAsync(command, default);
        var other = await _service.BeginAsync(command with { ToVersion = "3" }, default);

        Assert.Equal(first.Upgrade!.Id, second.Upgrade!.Id);
        Assert.False(second.Changed);
        Assert.Contains("build-17", other.Refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_move_twice_changes_nothing_and_says_nothing_outside()
    {
        var upgrade = await BeginAsync();
        await MoveAsync(upgrade.Id, Phase.Upgrading);
        var said = (await _store.PendingOutboxAsync("grafana", 100, default)).Count;

        var again = await _service.AdvanceAsync(upgrade.Id, new AdvanceCommand { Phase = Phase.Upgrading }, default);

        Assert.False(again.Changed);
        Assert.Equal(2, again.Upgrade!.History.Count);
        Assert.Equal(said, (await _store.PendingOutboxAsync("grafana", 100, default)).Count);
    }

    [Fact]
    public async Task A_move_may_lie_in_the_past_but_not_before_the_last_one_nor_in_the_future()
    {
        var upgrade = await BeginAsync();
        _time.Advance(TimeSpan.FromHours(1));

        var early = await TryMoveAsync(upgrade.Id, Phase.Upgrading, Start.AddSeconds(-1));
        var late = await TryMoveAsync(upgrade.Id, Phase.Upgrading, Start.AddMinutes(62));
        var past = await TryMoveAsync(upgrade.Id, Phase.Upgrading, Start.AddMinutes(20));

        Assert.Equal(RefusalKind.Conflict, early.Refusal!.Kind);
        Assert.Equal(Start, early.Refusal.NotBefore);
        Assert.Equal(RefusalKind.Invalid, late.Refusal!.Kind);
        Assert.Equal(Start.AddMinutes(20), past.Upgrade!.UpgradedAt);
    }

    [Fact]
    public async Task A_move_of_an_unknown_upgrade_is_not_found() =>
        Assert.Equal(RefusalKind.NotFound, (await TryMoveAsync("01J00000000000000000000000", Phase.Aborted)).Refusal!.Kind);

    [Fact]
    public async Task Completed_by_hand_before_anything_was_judged_is_inconclusive()
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);

        var verdict = (await MoveAsync(upgrade.Id, Phase.Completed)).Verdict;

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.TooLittleData, true), (verdict.Status, verdict.Code, verdict.Final));
    }

    [Fact]
    public async Task A_rollback_before_anything_was_judged_is_inconclusive_and_ends_rolled_back()
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await MoveAsync(upgrade.Id, Phase.RollingBack);

        var ended = await MoveAsync(upgrade.Id, Phase.RolledBack);

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.RolledBack, true), (ended.Verdict.Status, ended.Verdict.Code, ended.Verdict.Final));
        Assert.NotNull(ended.Unhealthy);
    }

    [Theory]
    [InlineData(FindingStatus.Fail)]
    [InlineData(FindingStatus.Warn)]
    [InlineData(FindingStatus.Pass)]
    public async Task A_rollback_leaves_the_verdict_as_it_stood(FindingStatus status)
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await JudgeAsync(upgrade.Id, status);

        var verdict = (await MoveAsync(upgrade.Id, Phase.RollingBack)).Verdict;

        Assert.Equal((status, true), (verdict.Status, verdict.Final));
    }

    [Theory]
    [InlineData(FindingStatus.Fail)]
    [InlineData(FindingStatus.Pass)]
    public async Task An_abort_is_inconclusive_whatever_was_found(FindingStatus status)
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await JudgeAsync(upgrade.Id, status);

        var verdict = (await MoveAsync(upgrade.Id, Phase.Aborted)).Verdict;

        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Aborted, true), (verdict.Status, verdict.Code, verdict.Final));
    }

    [Fact]
    public async Task A_late_rollback_of_a_completed_upgrade_keeps_its_final_verdict()
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await JudgeAsync(upgrade.Id, FindingStatus.Pass);
        await MoveAsync(upgrade.Id, Phase.Completed);

        var late = await MoveAsync(upgrade.Id, Phase.RollingBack);

        Assert.Equal(FindingStatus.Pass, late.Verdict.Status);
        Assert.True(late.IsOpen);
    }

    [Fact]
    public async Task A_late_rollback_and_another_open_upgrade_keep_out_of_each_others_way()
    {
        var old = await ReachAsync(Phase.PostUpgrade);
        await MoveAsync(old.Id, Phase.Completed);
        var newer = await ReachAsync(Phase.Upgrading);

        var refused = await TryMoveAsync(old.Id, Phase.RollingBack);
        await MoveAsync(newer.Id, Phase.Aborted);
        var late = await MoveAsync(old.Id, Phase.RollingBack);
        var begun = await _service.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "3" }, default);

        Assert.Equal((RefusalKind.Conflict, newer.Id), (refused.Refusal!.Kind, refused.Refusal.OpenUpgradeId));
        Assert.Equal(Phase.RollingBack, late.Phase);
        Assert.Equal((RefusalKind.Conflict, old.Id), (begun.Refusal!.Kind, begun.Refusal.OpenUpgradeId));
    }

    [Theory]
    [InlineData(FindingStatus.Pass, FindingStatus.Inconclusive)]
    [InlineData(FindingStatus.Warn, FindingStatus.Inconclusive)]
    [InlineData(FindingStatus.Fail, FindingStatus.Fail)]
    public async Task A_good_verdict_that_nobody_refreshed_does_not_become_final(FindingStatus stood, FindingStatus final)
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await JudgeAsync(upgrade.Id, stood);
        _time.Advance(TimeSpan.FromMinutes(5));

        var completed = await MoveAsync(upgrade.Id, Phase.Completed);

        Assert.Equal((final, true), (completed.Verdict.Status, completed.Verdict.Final));
    }

    [Fact]
    public async Task Open_required_items_are_listed_and_refuse_the_move_only_when_enforced()
    {
        var required = new ChecklistOptions { Items = [new ChecklistItemOptions { Id = "rollback-plan", Required = true }] };
        await ReopenAsync(required);
        var lenient = await BeginAsync();
        var moved = await TryMoveAsync(lenient.Id, Phase.Upgrading);
        await ReopenAsync(required with { Enforce = true });
        var strict = (await _service.BeginAsync(new BeginCommand { Target = "search", ToVersion = "2" }, default)).Upgrade!;

        var refused = await TryMoveAsync(strict.Id, Phase.Upgrading);
        var noReason = await _service.AdvanceAsync(strict.Id, new AdvanceCommand { Phase = Phase.Upgrading, Force = true }, default);
        var forced = await _service.AdvanceAsync(strict.Id, new AdvanceCommand { Phase = Phase.Upgrading, Force = true, Reason = "CAB said so", By = "ann" }, default);

        Assert.Equal(["rollback-plan"], moved.OpenItems);
        Assert.Equal(["rollback-plan"], refused.Refusal!.OpenItems);
        Assert.Contains("reason", noReason.Refusal!.Detail, StringComparison.Ordinal);
        var entry = forced.Upgrade!.History[^1];
        Assert.Equal((true, "CAB said so", "ann"), (entry.Forced, entry.Reason, entry.By));
    }

    [Fact]
    public async Task Everything_is_as_before_after_a_restart()
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await JudgeAsync(upgrade.Id, FindingStatus.Fail);
        var before = (await _service.FindAsync(upgrade.Id, default))!;
        await RestartAsync();

        var after = (await _service.FindAsync(upgrade.Id, default))!;

        Assert.Equal(before.History, after.History);
        Assert.Equal(before.Verdict.Status, after.Verdict.Status);
        Assert.Equal(before.Verdict.Summary, after.Verdict.Summary);
        Assert.Equal(before.Checklist, after.Checklist);
        Assert.Equal(before.Revision, after.Revision);
    }

    [Fact]
    public async Task A_verdict_that_nobody_refreshed_for_over_a_minute_is_read_as_stale()
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await JudgeAsync(upgrade.Id, FindingStatus.Pass);
        var judged = (await _service.FindAsync(upgrade.Id, default))!;

        _time.Advance(TimeSpan.FromSeconds(60));
        var fresh = _service.AsReadNow(judged).Verdict;
        _time.Advance(TimeSpan.FromSeconds(1));
        var stale = _service.AsReadNow(judged).Verdict;

        Assert.Equal(FindingStatus.Pass, fresh.Status);
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Stale), (stale.Status, stale.Code));
    }

    [Fact]
    public async Task Regions_are_opened_and_closed_with_the_same_key_and_good_tags()
    {
        var upgrade = await ReachAsync(Phase.PostUpgrade);
        await MoveAsync(upgrade.Id, Phase.Completed);

        var said = await _store.PendingOutboxAsync("grafana", 100, default);

        var opened = said.Where(e => e.Action == Engine.Outbox.OutboxAction.Open).Select(e => e.Key).ToArray();
        var closed = said.Where(e => e.Action == Engine.Outbox.OutboxAction.Close).Select(e => e.Key).ToArray();
        Assert.Equal(3, opened.Length);
        Assert.Equal(opened, closed);
        Assert.All(said, e => Assert.Contains($"uwkey:{e.Key}", e.Tags));
        Assert.All(said.SelectMany(e => e.Tags), tag => Assert.Matches("^[A-Za-z0-9._-]+(:[A-Za-z0-9._-]+)?$", tag));
    }

    private async Task<Upgrade> BeginAsync() =>
        (await _service.BeginAsync(new BeginCommand { Target = "shop", FromVersion = "1", ToVersion = "2" }, default)).Upgrade!;

    private async Task<Upgrade> ReachAsync(Phase phase)
    {
        var upgrade = await BeginAsync();
        foreach (var next in (Phase[])[Phase.Upgrading, Phase.PostUpgrade])
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            upgrade = await MoveAsync(upgrade.Id, next);
            if (next == phase) break;
        }

        return upgrade;
    }

    private async Task<Upgrade> MoveAsync(string id, Phase phase) => (await TryMoveAsync(id, phase)).Upgrade!;

    private Task<CommandResult> TryMoveAsync(string id, Phase phase, DateTimeOffset? at = null) =>
        _service.AdvanceAsync(id, new AdvanceCommand { Phase = phase, At = at }, default);

    private async Task JudgeAsync(string id, FindingStatus status)
    {
        var upgrade = (await _service.FindAsync(id, default))!;
        var verdict = new Verdict { Status = status, Code = FindingCodes.Level, Summary = "as the test says" };
        Assert.True(await _service.ApplyAsync(upgrade, change => change.Judge(verdict), worthStoring: true, default));
    }

    private async Task RestartAsync() => await ReopenAsync(new ChecklistOptions());

    private async Task ReopenAsync(ChecklistOptions checklist)
    {
        _service.Dispose();
        await _store.DisposeAsync();
        await OpenAsync(checklist);
    }

    private async Task OpenAsync(ChecklistOptions checklist)
    {
        _store = await SqliteStore.OpenAsync(_folder.File("store.db"), "test", _time, NullLogger<SqliteStore>.Instance, default);
        var options = new EngineOptions
        {
            Targets = [new TargetOptions { Name = "shop" }, new TargetOptions { Name = "search" }],
            Checklist = checklist,
            Instance = new InstanceOptions { Labels = new Dictionary<string, string> { ["cluster"] = "eu west:1" } },
            AnnotationSinks = ["grafana"],
        };
        _service = new UpgradeService(_store, options, _time, NullLogger<UpgradeService>.Instance);
        _service.Published += _events.Add;
        await _service.LoadAsync(default);
    }
}
