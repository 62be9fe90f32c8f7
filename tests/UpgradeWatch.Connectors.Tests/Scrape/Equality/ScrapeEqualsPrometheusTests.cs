using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Scrape;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.Prometheus;
using Xunit.Abstractions;

namespace UpgradeWatch.Connectors.Tests.Scrape.Equality;

/// <summary>The direct scrape and the exact queries of a real Prometheus give the same steps for the same scrapes.</summary>
public sealed class ScrapeEqualsPrometheusTests(ITestOutputHelper output)
{
    private const int Scrapes = 400;

    // The queries are off by one millisecond in a step where a counter was 0 before.
    private const double Rounding = 0.0002;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Both_sources_give_the_same_steps_whatever_happens_to_the_target(int seed)
    {
        output.WriteLine($"seed {seed}");
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);
        List<(DateTimeOffset At, string? Body)> scrapes = [];
        await using var prometheus = new PrometheusServer();
        await prometheus.ImportBlocksAsync(writer => scrapes = new TroubledService(seed, Scrapes).Write(writer, end));
        await prometheus.StartAsync();

        var last = (long)(end.ToUnixTimeSeconds() / TroubledService.Interval);
        var asked = await AskAsync(prometheus, end, last - Scrapes + 1, last);
        var scraped = await ScrapeAsync(scrapes, last - Scrapes + 1, last);

        Assert.Equal(asked.Up, scraped.Up);
        Assert.Equal(asked.Down, scraped.Down);
        SameStarts(asked, scraped);
        Same("orders", "all", asked.Signals["orders"].All, scraped.Signals["orders"].All);
        Same("orders", "bad", asked.Signals["orders"].Bad, scraped.Signals["orders"].Bad);
        Same("queue", "value", asked.Signals["queue"].Values, scraped.Signals["queue"].Values);
        Same("cpu", "value", asked.Signals["cpu"].Values, scraped.Signals["cpu"].Values);
        Assert.Equal(asked.Signals["latency"].Bounds, scraped.Signals["latency"].Bounds);
        for (var bound = 0; bound < asked.Signals["latency"].Bounds.Length; bound++)
        {
            Same("latency", $"bound {bound}", asked.Signals["latency"].Buckets![bound], scraped.Signals["latency"].Buckets![bound]);
        }
    }

    private static async Task<StepBlock> AskAsync(PrometheusServer prometheus, DateTimeOffset end, long first, long last)
    {
        using var http = new HttpClient { BaseAddress = prometheus.Url };
        var source = new PrometheusSource(http, new SourceCounters(), new FakeTimeProvider(end));
        var plan = PlanBuilder.Build(Target() with { Labels = new Dictionary<string, string> { ["job"] = "shop" } }, new SourceFacts
        {
            Source = source.Name,
            MetricNames = TroubledService.Names,
            ScrapeIntervalSeconds = TroubledService.Interval,
            DelaySeconds = 0,
        }).Value!;
        var reply = await source.ReadAsync(plan, first, last, default);
        Assert.True(reply.Value is not null, reply.Failure?.Message);
        return reply.Value;
    }

    private static async Task<StepBlock> ScrapeAsync(IEnumerable<(DateTimeOffset At, string? Body)> scrapes, long first, long last)
    {
        using var service = new ScriptedTarget();
        using var http = new HttpClient(service);
        var source = new ScrapeSource(http, [Target()], null, new SourceCounters(), new FakeTimeProvider(), NullLogger<ScrapeSource>.Instance);
        foreach (var (at, body) in scrapes)
        {
            if (body is null) service.Die();
            else service.Expose(body);
            await source.ScrapeOnceAsync("shop", at, default);
        }

        var plan = (await source.PlanAsync(Target(), default)).Value!;
        return (await source.ReadAsync(plan, first, last, default)).Value!;
    }

    private static TargetOptions Target() => new()
    {
        Name = "shop",
        Profile = "custom",
        ScrapeUrl = ScriptedTarget.Url,
        Slis =
        [
            new SliOptions { Name = "orders", Errors = "http_requests_total{code=~\"5..\"}", Total = "http_requests_total" },
            new SliOptions { Name = "latency", Buckets = "http_duration_seconds_bucket" },
            new SliOptions { Name = "queue", Query = "queue_length", Aggregation = "max" },
            new SliOptions { Name = "cpu", Query = "process_cpu_seconds_total" },
        ],
        Evaluation = new EvaluationOptions { StepSeconds = TroubledService.Interval },
    };

    // A process that was up for long before it could be scraped again is seen by the direct scrape only, and that an
    // instance appears, in the first step, by Prometheus only.
    private static void SameStarts(StepBlock asked, StepBlock scraped)
    {
        for (var index = 1; index < Scrapes; index++)
        {
            var wasAway = scraped.Up[index - 1] == 0;
            Assert.True(asked.Started[index] == scraped.Started[index] || (wasAway && scraped.Started[index]), $"started, step {index}");
        }
    }

    // Where no increment is known, the queries say 0 and the direct scrape says that it does not know.
    private static void Same(string signal, string part, double[]? asked, double[]? scraped)
    {
        Assert.NotNull(asked);
        Assert.NotNull(scraped);
        Assert.Equal(Scrapes, asked.Length);
        Assert.True(scraped.Sum(value => double.IsNaN(value) ? 0 : value) > 0, $"{signal} {part} has nothing to compare");
        var unknown = 0;
        for (var index = 0; index < asked.Length; index++)
        {
            var (a, s) = (asked[index], scraped[index]);
            var isSame = double.IsNaN(s) ? double.IsNaN(a) || a == 0 : Math.Abs(a - s) <= Rounding * Math.Max(1, s);
            Assert.True(isSame, $"{signal} {part}, step {index}: Prometheus {a}, scrape {s}");
            if (a == 0 && double.IsNaN(s)) unknown++;
        }

        // The first step and the one after the long outage.
        Assert.InRange(unknown, 0, 2);
    }
}
