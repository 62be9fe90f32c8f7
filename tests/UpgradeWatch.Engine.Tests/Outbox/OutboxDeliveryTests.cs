using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Engine.Tests.Outbox;

public sealed class OutboxDeliveryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly ScriptedSink _grafana = new("grafana");
    private readonly ScriptedSink _mail = new("mail");
    private SqliteStore _store = null!;
    private OutboxDelivery _delivery = null!;

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync(_folder.File("store.db"), "test", _time, NullLogger.Instance, None);
        _delivery = new OutboxDelivery(_store, [_grafana, _mail], _time, NullLogger<OutboxDelivery>.Instance);
        await _store.SaveAsync(new StoreChange([NewUpgrade()]), None);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_that_waits_is_delivered_in_order_and_once()
    {
        await StoreAsync(("grafana", "a"), ("grafana", "b"), ("mail", "c"));

        Assert.Null(await _delivery.RunOnceAsync(None));
        Assert.Null(await _delivery.RunOnceAsync(None));

        Assert.Equal(["a", "b"], _grafana.Asked);
        Assert.Equal(["c"], _mail.Asked);
        Assert.Equal(2, _delivery.Sent[("grafana", "delivered")]);
        Assert.Equal(0, _delivery.Pending["grafana"]);
    }

    [Fact]
    public async Task What_was_on_its_way_when_the_process_died_may_arrive_before_it_is_tried_again()
    {
        await StoreAsync(("grafana", "a"));
        _grafana.IsSilent = true;
        using var death = new CancellationTokenSource();
        var run = _delivery.RunOnceAsync(death.Token);
        await _grafana.First;
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        _grafana.IsSilent = false;
        var restarted = new OutboxDelivery(_store, [_grafana], _time, NullLogger<OutboxDelivery>.Instance);

        var due = await restarted.RunOnceAsync(None);
        Assert.Equal(Noon.AddSeconds(5), due);
        Assert.Single(_grafana.Asked);

        _time.SetUtcNow(due!.Value);
        Assert.Null(await restarted.RunOnceAsync(None));
        Assert.Equal(["a", "a"], _grafana.Asked);
    }

    [Fact]
    public async Task A_failed_entry_is_not_overtaken_and_holds_no_other_sink_back()
    {
        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Retry, Error: "503");
        await StoreAsync(("grafana", "a"), ("grafana", "b"), ("mail", "c"));

        var due = await _delivery.RunOnceAsync(None);

        Assert.Equal(Noon.AddSeconds(1), due);
        Assert.Equal(["a"], _grafana.Asked);
        Assert.Equal(["c"], _mail.Asked);
        Assert.Equal(2, _delivery.Pending["grafana"]);
        Assert.Equal(new SinkHealth("503", Noon), _delivery.Health["grafana"]);
    }

    [Fact]
    public async Task The_wait_doubles_up_to_five_minutes_and_ends_with_the_first_success()
    {
        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Retry, Error: "503");
        await StoreAsync(("grafana", "a"));
        var waits = new List<double>();
        for (var attempt = 0; attempt < 11; attempt++)
        {
            var due = await _delivery.RunOnceAsync(None);
            waits.Add((due!.Value - _time.GetUtcNow()).TotalSeconds);
            _time.SetUtcNow(due.Value);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], waits);
        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Delivered);
        Assert.Null(await _delivery.RunOnceAsync(None));
        Assert.Null(_delivery.Health["grafana"].Error);
        Assert.Equal(11, _delivery.Sent[("grafana", "retry")]);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(0.2, 1)]
    [InlineData(86_400, 3600)]
    public async Task A_sink_that_asks_to_wait_is_obeyed_for_up_to_an_hour(double asked, double waited)
    {
        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Retry, Error: "429", RetryAfter: TimeSpan.FromSeconds(asked));
        await StoreAsync(("grafana", "a"));

        Assert.Equal(Noon.AddSeconds(waited), await _delivery.RunOnceAsync(None));
    }

    [Fact]
    public async Task What_a_sink_refuses_is_given_up_and_the_next_one_goes_on()
    {
        _grafana.Answer = entry => new DeliveryResult(entry.Key == "a" ? DeliveryOutcome.Refused : DeliveryOutcome.Delivered, Error: "400");
        await StoreAsync(("grafana", "a"), ("grafana", "b"));

        Assert.Null(await _delivery.RunOnceAsync(None));

        Assert.Equal(["a", "b"], _grafana.Asked);
        Assert.Equal((1, 1), (_delivery.Sent[("grafana", "refused")], _delivery.Sent[("grafana", "delivered")]));
    }

    [Fact]
    public async Task A_mistake_in_a_sink_is_a_failed_try_and_not_the_end()
    {
        _grafana.Answer = _ => throw new InvalidOperationException("mistake");
        await StoreAsync(("grafana", "a"), ("mail", "c"));

        Assert.Equal(Noon.AddSeconds(1), await _delivery.RunOnceAsync(None));

        Assert.Equal(["c"], _mail.Asked);
        Assert.Contains("mistake", _delivery.Health["grafana"].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_record_a_delivery_repeats_it_later()
    {
        await StoreAsync(("grafana", "a"));
        using (var cancel = new CancellationTokenSource())
        {
            _grafana.Answer = _ =>
            {
                cancel.Cancel();
                return new DeliveryResult(DeliveryOutcome.Delivered);
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _delivery.RunOnceAsync(cancel.Token));
        }

        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Delivered);
        _time.Advance(TimeSpan.FromSeconds(5));
        await _delivery.RunOnceAsync(None);

        Assert.Equal(["a", "a"], _grafana.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_was_a_day_ahead_holds_nothing_back(bool hasFailed)
    {
        var wall = new WallClock(_time) { Ahead = TimeSpan.FromDays(1) };
        var delivery = new OutboxDelivery(_store, [_grafana], wall, NullLogger<OutboxDelivery>.Instance);
        await StoreAsync(("grafana", "a"));
        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Retry, Error: "503");
        // What was on its way when the process died has been tried, and nobody knows how that ended.
        if (!hasFailed) await _store.UpdateOutboxAsync((await _store.PendingOutboxAsync("grafana", 1, None))[0] with { Attempts = 1 }, None);
        await delivery.RunOnceAsync(None);
        _grafana.Answer = _ => new DeliveryResult(DeliveryOutcome.Delivered);

        wall.Ahead = TimeSpan.Zero;
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await delivery.RunOnceAsync(None));
        Assert.Equal(0, delivery.Pending["grafana"]);
    }

    [Fact]
    public async Task Every_counter_is_there_before_anything_was_sent()
    {
        Assert.Equal(6, _delivery.Sent.Count);
        Assert.All(_delivery.Sent.Values, value => Assert.Equal(0, value));
        Assert.Equal(["grafana", "mail"], _delivery.Pending.Keys.Order());
        await Task.CompletedTask;
    }

    [Fact]
    public async Task The_loop_delivers_when_it_is_woken()
    {
        using var stop = new CancellationTokenSource();
        var loop = _delivery.RunAsync(stop.Token);
        await StoreAsync(("grafana", "a"));
        _delivery.Wake();

        Assert.Equal("a", (await _grafana.First).Key);
        await stop.CancelAsync();
        await Stopped(loop);
    }

    [Fact]
    public async Task The_loop_tries_again_when_the_wait_is_over()
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _grafana.Answer = entry =>
        {
            if (entry.Attempts == 0)
            {
                failed.SetResult();
                return new DeliveryResult(DeliveryOutcome.Retry, Error: "503");
            }

            delivered.SetResult();
            return new DeliveryResult(DeliveryOutcome.Delivered);
        };
        await StoreAsync(("grafana", "a"));
        using var stop = new CancellationTokenSource();
        var loop = _delivery.RunAsync(stop.Token);
        await failed.Task;

        // The loop may still be on its way to its wait: time goes on until it has looked again.
        while (!delivered.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Stopped(loop);
    }

    private static async Task Stopped(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException)
        {
            // Stopped in the middle of a look.
        }
    }

    private static Upgrade NewUpgrade() => new()
    {
        Id = "01A",
        Revision = 1,
        Target = "checkout",
        ToVersion = "1.5.0",
        ObservationSeconds = 3600,
        CreatedAt = Noon,
        History = [new PhaseEntry(Phase.PreUpgrade, Noon, Noon)],
        Checklist = [],
        Verdict = Verdict.Nothing,
    };

    private Task<SavedChange> StoreAsync(params (string Sink, string Key)[] entries) => _store.SaveAsync(
        new StoreChange([])
        {
            Outbox = [.. entries.Select(entry => new OutboxEntry
            {
                Sink = entry.Sink,
                Key = entry.Key,
                Action = OutboxAction.Point,
                UpgradeId = "01A",
                At = Noon,
                Text = "text",
                Tags = ["upgradewatch"],
            })],
        },
        None);

    /// <summary>A clock on the wall that is wrong while the time that passes is right.</summary>
    private sealed class WallClock(TimeProvider right) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + Ahead;

        public override long TimestampFrequency => right.TimestampFrequency;

        public override long GetTimestamp() => right.GetTimestamp();
    }
}
