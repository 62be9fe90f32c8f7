using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Scrape;

/// <summary>The loop on virtual time, and what it keeps.</summary>
public sealed class ScrapeLoopTests
{
    [Fact]
    public async Task It_scrapes_once_in_the_middle_of_every_step()
    {
        using var bench = new ScrapeBench(ScrapeBench.Orders);
        await using var run = Run.Begin(bench);

        await run.ScrapesAsync(5);
        await run.EndAsync();

        Assert.Equal([5, 15, 25, 35, 45], run.Times.Select(time => (time - ScrapeBench.End(ScrapeBench.FirstStep)).TotalSeconds));
        var steps = await bench.ReadAsync(1, 5);
        Assert.Equal([double.NaN, 10, 10, 10, 10], steps.Signals["orders"].All!.AsEnumerable());
    }

    [Fact]
    public async Task Steps_are_in_the_store_within_a_minute_and_all_of_them_when_it_ends()
    {
        var store = new StepStore();
        using var bench = new ScrapeBench(store, ScrapeBench.Orders);
        await using var run = Run.Begin(bench);

        await run.ScrapesAsync(20);
        var oldest = ScrapeBench.FirstStep + 20 - 6;
        Assert.True(store.Blocks.Max(Last) >= oldest, $"the newest kept step is {store.Blocks.Max(Last)}");
        await run.EndAsync();

        Assert.Equal(Enumerable.Range(1, 20).Select(step => ScrapeBench.FirstStep + step), store.Blocks.SelectMany(Steps));
    }

    [Fact]
    public async Task Trouble_with_the_store_does_not_stop_the_scraping_and_is_made_up_for()
    {
        var store = new StepStore { Trouble = new StoreException(StoreFailure.Full, "no space left") };
        using var bench = new ScrapeBench(store, ScrapeBench.Orders);
        await using var run = Run.Begin(bench);
        await run.ScrapesAsync(20);
        Assert.Empty(store.Blocks);

        store.Trouble = null;
        await run.ScrapesAsync(5);
        await run.EndAsync();

        Assert.Equal(Enumerable.Range(1, 25).Select(step => ScrapeBench.FirstStep + step), store.Blocks.SelectMany(Steps));
    }

    [Fact]
    public async Task After_a_restart_the_steps_from_before_are_read_back_and_the_time_between_is_a_gap()
    {
        var store = new StepStore();
        TargetPlan plan;
        using (var before = new ScrapeBench(store, ScrapeBench.Orders, ScrapeBench.Latency))
        {
            await using var run = Run.Begin(before);
            await run.ScrapesAsync(4);
            await run.EndAsync();
            plan = await before.PlanAsync();
        }

        using var after = new ScrapeBench(store, ScrapeBench.Orders, ScrapeBench.Latency);
        await after.ScrapeAsync(7, Run.Body(1000));
        await after.ScrapeAsync(8, Run.Body(1007));

        var steps = await after.ReadAsync(1, 8, plan);

        Assert.Equal([double.NaN, 10, 10, 10, double.NaN, double.NaN, double.NaN, 7], steps.Signals["orders"].All!.AsEnumerable());
        Assert.Equal([double.NaN, 20, 20, 20, double.NaN, double.NaN, double.NaN, 14], steps.Signals["latency"].Buckets![1].AsEnumerable());
        Assert.Equal([1, 1, 1, 1, -1, -1, 1, 1], steps.Up.AsEnumerable());
    }

    [Fact]
    public async Task Kept_steps_that_cannot_be_read_are_trouble_with_the_source_and_no_gap()
    {
        var store = new StepStore { Trouble = new StoreException(StoreFailure.Locked, "the file is held by another process") };
        using var bench = new ScrapeBench(store, ScrapeBench.Orders);
        await bench.ScrapeAsync(5, Run.Body(1));

        var reply = await bench.Source.ReadAsync(await bench.PlanAsync(), ScrapeBench.FirstStep, ScrapeBench.FirstStep + 5, default);

        Assert.Contains("held by another process", reply.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bounds_that_change_are_kept_in_blocks_of_their_own()
    {
        var store = new StepStore();
        using var bench = new ScrapeBench(store, ScrapeBench.Latency);
        await using var run = Run.Begin(bench);
        await run.ScrapesAsync(3);
        run.Exposes = count => $"duration_seconds_bucket{{le=\"2\"}} {count}\nduration_seconds_bucket{{le=\"+Inf\"}} {count}\n";
        await run.ScrapesAsync(3);
        await run.EndAsync();

        Assert.Equal(
            [[1, double.PositiveInfinity], [2, double.PositiveInfinity]],
            store.Blocks.Select(block => block.Signals.Values.Single().Bounds).DistinctBy(bounds => bounds[0]));
        var steps = await bench.ReadAsync(1, 6);
        Assert.Equal([double.PositiveInfinity], steps.Signals["latency"].Bounds);
    }

    private static long Last(StepBlock block) => block.FirstStep + block.Count - 1;

    private static IEnumerable<long> Steps(StepBlock block) => Enumerable.Range(0, block.Count).Select(index => block.FirstStep + index);

    /// <summary>The running loop; each scrape shows ten orders more.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly ScrapeBench _bench;
        private readonly CancellationTokenSource _end = new();
        private readonly SemaphoreSlim _done = new(0);
        private readonly Task _running;
        private volatile bool _isAsked;

        private Run(ScrapeBench bench)
        {
            _bench = bench;
            bench.Target.OnRequest = () =>
            {
                Times.Add(bench.Time.GetUtcNow());
                bench.Target.Expose(Exposes(Times.Count * 10));
                _isAsked = true;
            };
            bench.Time.OnWait = () =>
            {
                // The first wait after a request is the one for the next scrape.
                if (!_isAsked) return;

                _isAsked = false;
                _done.Release();
            };
            _running = bench.Source.RunAsync(_end.Token);
        }

        public List<DateTimeOffset> Times { get; } = [];

        public Func<int, string> Exposes { get; set; } = Body;

        public static Run Begin(ScrapeBench bench) => new(bench);

        public static string Body(int count) =>
            $"orders_total {count}\nduration_seconds_bucket{{le=\"1\"}} {count}\nduration_seconds_bucket{{le=\"+Inf\"}} {2 * count}\n";

        public async Task ScrapesAsync(int count)
        {
            for (var scrape = 0; scrape < count; scrape++)
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(Times.Count == 0 ? ScrapeBench.Step / 2 : ScrapeBench.Step));
                await _done.WaitAsync();
            }
        }

        public async Task EndAsync()
        {
            await _end.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            _end.Dispose();
            _done.Dispose();
        }
    }
}
