using CsCheck;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Tests.Records;

namespace UpgradeWatch.Storage.Tests;

/// <summary>What every store does, whatever it is made of.</summary>
public abstract class UpgradeStoreBehaviour
{
    private static CancellationToken None => CancellationToken.None;

    /// <summary>Opens the store of this test, the same one at every call; the one before has been disposed.</summary>
    protected abstract Task<IUpgradeStore> OpenAsync();

    [Fact]
    public async Task Every_upgrade_is_read_as_it_was_saved()
    {
        await using var store = await OpenAsync();
        for (var seed = 0; seed < 60; seed++)
        {
            var upgrade = new AnyRecord(new Random(seed)).Make<Upgrade>() with { Id = $"{seed:D3}", Revision = 1, ObservationSeconds = 0.1 };
            await store.SaveAsync(Samples.Change(upgrade), None);

            Same.Assert(upgrade, await store.FindAsync(upgrade.Id, None));
        }
    }

    [Fact]
    public async Task Every_workload_is_remembered_as_it_was_saved_last()
    {
        await using var store = await OpenAsync();
        for (var seed = 0; seed < 20; seed++)
        {
            var any = new AnyRecord(new Random(seed));
            await store.SaveRolloutAsync(any.Make<SeenRollout>() with { Target = "checkout", Workload = "web" }, None);
            var seen = any.Make<SeenRollout>() with { Target = "checkout", Workload = "web" };
            await store.SaveRolloutAsync(seen, None);
            Same.Assert(seen, Assert.Single(await store.LoadRolloutsAsync("checkout", None)));
        }

        await store.SaveRolloutAsync(new AnyRecord(new Random(1)).Make<SeenRollout>() with { Target = "checkout", Workload = "api" }, None);
        Assert.Equal(["api", "web"], (await store.LoadRolloutsAsync("checkout", None)).Select(one => one.Workload));
        Assert.Empty(await store.LoadRolloutsAsync("other", None));
    }

    [Fact]
    public async Task Every_history_is_read_bit_by_bit_as_it_was_saved()
    {
        await using var store = await OpenAsync();
        for (var seed = 0; seed < 60; seed++)
        {
            var history = new AnyRecord(new Random(seed)).Make<FrozenHistory>();
            await store.SaveAsync(Samples.Change(Samples.Upgrade($"{seed:D3}")) with { History = history }, None);

            Same.Assert(history, await store.LoadHistoryAsync($"{seed:D3}", None));
        }

        Assert.Null(await store.LoadHistoryAsync("none", None));
    }

    [Fact]
    public async Task A_history_is_dropped_once_no_later_upgrade_can_go_on_from_it()
    {
        await using var store = await OpenAsync();
        var any = new AnyRecord(new Random(3));
        foreach (var (id, phase) in new[] { ("01A", Phase.Completed), ("01B", Phase.PostUpgrade) })
        {
            await store.SaveAsync(Samples.Change(Samples.Upgrade(id, phase: phase)) with { History = any.Make<FrozenHistory>() }, None);
        }

        await store.PruneAsync(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, None);

        Assert.Null(await store.LoadHistoryAsync("01A", None));
        Assert.NotNull(await store.LoadHistoryAsync("01B", None));
        Assert.NotNull(await store.FindAsync("01A", None));
    }

    [Fact]
    public async Task Every_event_and_entry_is_read_as_it_was_saved_with_the_number_it_got()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);
        for (var seed = 0; seed < 60; seed++)
        {
            var any = new AnyRecord(new Random(seed));
            var entry = any.Make<OutboxEntry>() with { UpgradeId = "01A", Sink = $"sink{seed}", DoneAt = null, OpenedAt = null };
            var happened = any.Make<EngineEvent>() with { UpgradeId = "01A" };
            var before = await store.LastEventIdAsync(None);

            var saved = await store.SaveAsync(new StoreChange([]) { Outbox = [entry], Events = [happened] }, None);

            Same.Assert(entry with { Id = saved.Outbox[0].Id }, saved.Outbox[0]);
            Same.Assert(happened with { Id = saved.Events[0].Id }, saved.Events[0]);
            Same.Assert(saved.Outbox[0], Assert.Single(await store.PendingOutboxAsync(entry.Sink, 10, None)));
            Same.Assert(saved.Events[0], Assert.Single(await store.EventsAfterAsync(before, 10, None)));
        }
    }

    [Fact]
    public async Task Baselines_and_steps_of_every_shape_are_read_as_they_were_saved()
    {
        await using var store = await OpenAsync();
        var number = 0;
        await AnySteps.Block.SampleAsync(
            async block =>
            {
                var id = $"{Interlocked.Increment(ref number):D4}";
                await store.SaveAsync(Samples.Change(Samples.Upgrade(id)) with { Baseline = block }, None);
                Same.Assert(block, await store.LoadBaselineAsync(id, None));
                await store.SaveStepsAsync(id, block, None);
                var kept = await store.LoadStepsAsync(id, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, None);
                if (block.Count > 0) Same.Assert(block, Assert.Single(kept));
                else Assert.Empty(kept);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task What_was_saved_is_there_after_it_was_closed_and_opened_again()
    {
        var upgrade = Samples.Upgrade();
        await using (var store = await OpenAsync())
        {
            await store.SaveAsync(
                Samples.Change(upgrade) with
                {
                    Outbox = [Samples.Entry()],
                    Events = [Samples.Event()],
                    Baseline = Samples.Steps(10, 4),
                    Idempotency = new IdempotencyRecord("key", "hash", upgrade.Id),
                },
                None);
            await store.SaveStepsAsync("checkout", Samples.Steps(10, 4), None);
        }

        await using var again = await OpenAsync();
        Same.Assert(upgrade, Assert.Single(await again.LoadCurrentAsync(None)));
        Assert.Single(await again.PendingOutboxAsync("grafana", 10, None));
        Assert.Single(await again.EventsAfterAsync(0, 10, None));
        Assert.NotNull(await again.LoadBaselineAsync(upgrade.Id, None));
        Assert.Equal(new IdempotencyRecord("key", "hash", upgrade.Id), await again.FindIdempotencyAsync("key", None));
        Assert.Single(await again.LoadStepsAsync("checkout", DateTimeOffset.UnixEpoch, Samples.Noon, None));
    }

    [Fact]
    public async Task A_change_that_fails_at_its_end_leaves_nothing_of_itself()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade("01A")) with { Idempotency = new("key", "hash", "01A") }, None);
        var change = Samples.Change(Samples.Upgrade("01B"), Samples.Upgrade("01C") with { Revision = 5 }) with
        {
            Outbox = [Samples.Entry(upgradeId: "01B")],
            Events = [Samples.Event("01B")],
            Baseline = Samples.Steps(1, 3),
            Idempotency = new("other", "hash", "01B"),
        };

        await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(change, None));
        await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(
            change with { Upgrades = [Samples.Upgrade("01B")], Events = [Samples.Event("unknown")] }, None));

        Assert.Null(await store.FindAsync("01B", None));
        Assert.Null(await store.LoadBaselineAsync("01B", None));
        Assert.Null(await store.FindIdempotencyAsync("other", None));
        Assert.Empty(await store.PendingOutboxAsync("grafana", 10, None));
        Assert.Equal(0, await store.LastEventIdAsync(None));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    public async Task A_revision_that_is_not_the_next_one_is_refused_by_name(long stored, long saved)
    {
        await using var store = await OpenAsync();
        if (stored > 0) await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        var error = await Assert.ThrowsAsync<StoreException>(
            () => store.SaveAsync(Samples.Change(Samples.Upgrade() with { Revision = saved }), None));

        Assert.Contains("01A", error.Message, StringComparison.Ordinal);
        Assert.Contains($"revision {saved}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_revision_replaces_the_upgrade()
    {
        await using var store = await OpenAsync();
        var first = Samples.Upgrade();
        await store.SaveAsync(Samples.Change(first), None);
        var second = first with { Revision = 2, Owner = "ann", History = [.. first.History, new(Phase.Upgrading, Samples.Noon, Samples.Noon)] };
        await store.SaveAsync(Samples.Change(second), None);

        Same.Assert(second, await store.FindAsync(first.Id, None));
        Assert.Empty(await store.ListAsync(null, Phase.PreUpgrade, 10, null, None));
        Assert.Single(await store.ListAsync(null, Phase.Upgrading, 10, null, None));
    }

    [Fact]
    public async Task Current_are_the_open_ones_and_the_newest_of_each_target()
    {
        await using var store = await OpenAsync();
        foreach (var upgrade in new[]
        {
            Samples.Upgrade("01", "cart", Phase.Completed), Samples.Upgrade("02", "cart", Phase.Aborted),
            Samples.Upgrade("03", "shop", Phase.PostUpgrade), Samples.Upgrade("04", "shop", Phase.RolledBack),
        })
        {
            await store.SaveAsync(Samples.Change(upgrade), None);
        }

        Assert.Equal(["02", "03", "04"], (await store.LoadCurrentAsync(None)).Select(u => u.Id));
    }

    [Fact]
    public async Task Upgrades_are_listed_newest_first_in_pages_by_target_and_phase()
    {
        await using var store = await OpenAsync();
        for (var n = 1; n <= 6; n++)
        {
            await store.SaveAsync(Samples.Change(Samples.Upgrade($"0{n}", n % 2 == 0 ? "cart" : "shop", n < 5 ? Phase.Completed : Phase.Upgrading)), None);
        }

        async Task<string> Ids(string? target, Phase? phase, int limit, string? before) =>
            string.Join(' ', (await store.ListAsync(target, phase, limit, before, None)).Select(u => u.Id));

        Assert.Equal("06 05 04", await Ids(null, null, 3, null));
        Assert.Equal("03 02 01", await Ids(null, null, 3, "04"));
        Assert.Equal("06 04 02", await Ids("cart", null, 9, null));
        Assert.Equal("04 02", await Ids("cart", Phase.Completed, 9, null));
        Assert.Equal("", await Ids("nobody", null, 9, null));
    }

    [Fact]
    public async Task The_outbox_is_told_in_order_and_by_sink_until_it_is_done()
    {
        await using var store = await OpenAsync();
        var saved = await store.SaveAsync(
            Samples.Change(Samples.Upgrade()) with { Outbox = [Samples.Entry(key: "a"), Samples.Entry(key: "b"), Samples.Entry(sink: "mail")] }, None);

        await store.UpdateOutboxAsync(saved.Outbox[0] with { Attempts = 1, RemoteId = "7", DoneAt = Samples.Noon }, None);
        await store.UpdateOutboxAsync(saved.Outbox[1] with { Attempts = 3, NextAttemptAt = Samples.Noon.AddTicks(1), LastError = "503" }, None);

        var waiting = Assert.Single(await store.PendingOutboxAsync("grafana", 10, None));
        Assert.Equal(("b", 3, Samples.Noon.AddTicks(1), "503"), (waiting.Key, waiting.Attempts, waiting.NextAttemptAt, waiting.LastError));
        Assert.Equal(new Dictionary<string, int> { ["grafana"] = 1, ["mail"] = 1 }, await store.CountOutboxAsync(None));
    }

    [Fact]
    public async Task What_was_delivered_lately_and_all_of_open_upgrades_is_told_again_and_what_was_given_up_is_not()
    {
        await using var store = await OpenAsync();
        var open = await store.SaveAsync(Samples.Change(Samples.Upgrade()) with { Outbox = [Samples.Entry(key: "open")] }, None);
        var closed = await store.SaveAsync(
            Samples.Change(Samples.Upgrade("01B", target: "cart", phase: Phase.Completed)) with
            {
                Outbox = [.. new[] { "old", "new", "refused" }.Select(key => Samples.Entry(key: key, upgradeId: "01B")), Samples.Entry(sink: "mail", upgradeId: "01B")],
            },
            None);
        await store.UpdateOutboxAsync(open.Outbox[0] with { Attempts = 1, DoneAt = Samples.Noon.AddDays(-9) }, None);
        await store.UpdateOutboxAsync(closed.Outbox[0] with { Attempts = 1, DoneAt = Samples.Noon.AddDays(-2) }, None);
        await store.UpdateOutboxAsync(closed.Outbox[1] with { Attempts = 7, RemoteId = "42", DoneAt = Samples.Noon }, None);
        await store.UpdateOutboxAsync(closed.Outbox[2] with { Attempts = 1, LastError = "400", DoneAt = Samples.Noon }, None);
        await store.UpdateOutboxAsync(closed.Outbox[3] with { DoneAt = Samples.Noon }, None);

        var count = await store.ReopenOutboxAsync("grafana", Samples.Noon.AddDays(-1), Samples.Noon.AddHours(1), None);

        var waiting = await store.PendingOutboxAsync("grafana", 10, None);
        Assert.Equal(2, count);
        Assert.Equal(["open", "new"], waiting.Select(entry => entry.Key));
        Assert.All(waiting, entry => Assert.Equal((0, Samples.Noon.AddHours(1)), (entry.Attempts, entry.NextAttemptAt)));
        Assert.Empty(await store.PendingOutboxAsync("mail", 10, None));
    }

    [Fact]
    public async Task A_closing_entry_brings_the_start_of_its_region()
    {
        await using var store = await OpenAsync();
        var saved = await store.SaveAsync(
            Samples.Change(Samples.Upgrade()) with
            {
                Outbox = [Samples.Entry(OutboxAction.Open, "a"), Samples.Entry(OutboxAction.Close, "a") with { At = Samples.Noon.AddMinutes(5) }, Samples.Entry(OutboxAction.Close, "b")],
            },
            None);
        await store.UpdateOutboxAsync(saved.Outbox[0] with { RemoteId = "42", DoneAt = Samples.Noon }, None);

        var waiting = await store.PendingOutboxAsync("grafana", 10, None);

        Assert.Equal([Samples.Noon, null], waiting.Select(entry => entry.OpenedAt));
    }

    [Fact]
    public async Task Numbers_ascend_and_are_not_given_again_after_pruning()
    {
        await using var store = await OpenAsync();
        await store.SaveAsync(Samples.Change(Samples.Upgrade(phase: Phase.Aborted)) with { Events = [Samples.Event(), Samples.Event()], Outbox = [Samples.Entry() with { DoneAt = Samples.Noon }] }, None);
        await store.PruneAsync(Samples.Noon, Samples.Noon.AddDays(1), None);

        var saved = await store.SaveAsync(Samples.Change(Samples.Upgrade("01B")) with { Events = [Samples.Event("01B")], Outbox = [Samples.Entry(upgradeId: "01B")] }, None);

        Assert.Equal((3L, 2L), (saved.Events[0].Id, saved.Outbox[0].Id));
        Assert.Equal(3, await store.LastEventIdAsync(None));
    }

    [Fact]
    public async Task Pruning_drops_closed_upgrades_with_all_their_records_and_keeps_open_ones()
    {
        await using var store = await OpenAsync();
        foreach (var (id, phase) in new[] { ("01A", Phase.Completed), ("01B", Phase.PostUpgrade) })
        {
            await store.SaveAsync(
                Samples.Change(Samples.Upgrade(id, phase: phase)) with
                {
                    Outbox = [Samples.Entry(upgradeId: id) with { DoneAt = phase.IsOpen() ? null : Samples.Noon }],
                    Events = [Samples.Event(id)],
                    Baseline = Samples.Steps(1, 2),
                    Idempotency = new(id, "hash", id),
                },
                None);
        }

        await store.PruneAsync(DateTimeOffset.UnixEpoch, Samples.Noon.AddSeconds(1), None);

        Assert.Equal("01B", Assert.Single(await store.ListAsync(null, null, 10, null, None)).Id);
        Assert.Equal("01B", Assert.Single(await store.PendingOutboxAsync("grafana", 10, None)).UpgradeId);
        Assert.Equal("01B", Assert.Single(await store.EventsAfterAsync(0, 10, None)).UpgradeId);
        Assert.Null(await store.LoadBaselineAsync("01A", None));
        Assert.Null(await store.FindIdempotencyAsync("01A", None));
        Assert.NotNull(await store.FindIdempotencyAsync("01B", None));
    }

    [Fact]
    public async Task Pruning_waits_for_what_is_still_to_be_said_outside()
    {
        await using var store = await OpenAsync();
        var saved = await store.SaveAsync(Samples.Change(Samples.Upgrade(phase: Phase.Completed)) with { Outbox = [Samples.Entry()] }, None);

        await store.PruneAsync(DateTimeOffset.UnixEpoch, Samples.Noon.AddSeconds(1), None);
        var waiting = await store.PendingOutboxAsync("grafana", 10, None);
        await store.UpdateOutboxAsync(saved.Outbox[0] with { DoneAt = Samples.Noon }, None);
        await store.PruneAsync(DateTimeOffset.UnixEpoch, Samples.Noon.AddSeconds(1), None);

        Assert.Single(waiting);
        Assert.Null(await store.FindAsync("01A", None));
    }

    [Fact]
    public async Task However_many_are_too_old_all_of_them_go_and_a_change_may_come_between()
    {
        await using var store = await OpenAsync();
        for (var n = 0; n < 120; n++) await store.SaveAsync(Samples.Change(Samples.Upgrade($"{n:D3}", phase: Phase.Completed)), None);
        for (var n = 0; n < 120; n++) await store.SaveStepsAsync($"t{n}", Samples.Steps(100, 1), None);

        var pruning = store.PruneAsync(Samples.Noon.AddDays(1), Samples.Noon.AddDays(1), None);
        await store.SaveAsync(Samples.Change(Samples.Upgrade("200")), None);
        await pruning;

        Assert.Equal("200", Assert.Single(await store.ListAsync(null, null, 200, null, None)).Id);
        Assert.Empty(await store.LoadStepsAsync("t119", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, None));
    }

    [Fact]
    public async Task Callers_at_once_do_not_disturb_each_other()
    {
        await using var store = await OpenAsync();

        await Parallel.ForAsync(0, 40, async (n, cancel) =>
        {
            await store.SaveAsync(Samples.Change(Samples.Upgrade($"{n:D2}", $"t{n}")) with { Events = [Samples.Event($"{n:D2}")] }, cancel);
            Assert.NotNull(await store.FindAsync($"{n:D2}", cancel));
        });

        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), (await store.EventsAfterAsync(0, 100, None)).Select(e => e.Id));
    }
}
