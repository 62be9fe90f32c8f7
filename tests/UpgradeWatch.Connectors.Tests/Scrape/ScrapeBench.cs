using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Connectors.Scrape;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Scrape;

/// <summary>A source that scrapes one scripted target on virtual time, every 10 s.</summary>
internal sealed class ScrapeBench : IDisposable
{
    public const double Step = 10;
    public const long FirstStep = 176_400_000;

    public static readonly SliOptions Orders = new() { Name = "orders", Errors = "orders_failed_total", Total = "orders_total", Kind = SliKind.Ratio };
    public static readonly SliOptions Latency = new() { Name = "latency", Buckets = "duration_seconds_bucket", Kind = SliKind.Latency };

    private readonly HttpClient _client;

    public ScrapeBench(IUpgradeStore? store, params SliOptions[] slis)
    {
        Options = new TargetOptions
        {
            Name = "shop",
            Profile = "custom",
            ScrapeUrl = ScriptedTarget.Url,
            Slis = slis,
            Evaluation = new EvaluationOptions { StepSeconds = Step, BaselineSeconds = 600, ObservationSeconds = 600 },
        };
        Time = new WatchedTime(End(FirstStep));
        _client = new HttpClient(Target);
        Source = new ScrapeSource(_client, [Options], store, Counters, Time, NullLogger<ScrapeSource>.Instance);
    }

    public ScrapeBench(params SliOptions[] slis)
        : this(null, slis)
    {
    }

    public ScriptedTarget Target { get; } = new();

    public TargetOptions Options { get; }

    public WatchedTime Time { get; }

    public SourceCounters Counters { get; } = new();

    public ScrapeSource Source { get; }

    public static DateTimeOffset End(long step) => DateTimeOffset.UnixEpoch.AddSeconds(step * Step);

    /// <summary>Scrapes in the middle of a step, counted from <see cref="FirstStep"/>, what the target then exposes.</summary>
    public async Task<SourceFailure?> ScrapeAsync(int step, string? body = null)
    {
        if (body is not null) Target.Expose(body);
        return await Source.ScrapeOnceAsync("shop", End(FirstStep + step).AddSeconds(-Step / 2), CancellationToken.None);
    }

    public async Task<TargetPlan> PlanAsync()
    {
        var reply = await Source.PlanAsync(Options, CancellationToken.None);
        Assert.True(reply.Value is not null, reply.Failure?.Message);
        return reply.Value;
    }

    /// <summary>Reads steps, counted from <see cref="FirstStep"/>.</summary>
    public async Task<StepBlock> ReadAsync(int first, int last, TargetPlan? plan = null)
    {
        var reply = await Source.ReadAsync(plan ?? await PlanAsync(), FirstStep + first, FirstStep + last, CancellationToken.None);
        Assert.True(reply.Value is not null, reply.Failure?.Message);
        return reply.Value;
    }

    public void Dispose() => _client.Dispose();
}
