using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Scrape.Fetching;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Scrape;

/// <summary>
/// Reads the targets' own metrics, without a Prometheus. A target is scraped once in every step; its steps hold what
/// the exact queries of Prometheus would give for one instance. A target's labels are not looked for on its series:
/// whatever it exposes is its own, and <c>job</c>, <c>instance</c> or <c>namespace</c> exist only in Prometheus.
/// Timestamps in the exposition are left out of account. Safe for concurrent use.
/// </summary>
public sealed class ScrapeSource : IMetricSource
{
    /// <summary><see cref="Name"/>.</summary>
    public const string SourceName = "scrape";

    private readonly Dictionary<string, TargetScrape> _targets;

    /// <summary>Prepares the targets that have a <see cref="TargetOptions.ScrapeUrl"/>; the others are left out.</summary>
    /// <param name="client">Asks the targets: see <see cref="CreateClient"/>.</param>
    /// <param name="targets">The configured targets.</param>
    /// <param name="store">Keeps the steps; null keeps them in memory only.</param>
    /// <param name="counters">Counts scrapes and samples.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told what happens to targets and store.</param>
    public ScrapeSource(
        HttpClient client, IEnumerable<TargetOptions> targets, IUpgradeStore? store, SourceCounters counters, TimeProvider time, ILogger<ScrapeSource> logger)
    {
        var limits = new ExpositionLimits();
        var fetcher = new ScrapeFetcher(client, time, limits);
        _targets = targets.Where(target => target.ScrapeUrl is not null).ToDictionary(target => target.Name, target =>
        {
            var recorder = new TargetRecorder(target, limits);
            var keeper = store is null ? null : new StepKeeper(target.Name, store, recorder, time, logger);
            return new TargetScrape(target, recorder, keeper, fetcher, counters, time, logger);
        });
    }

    /// <inheritdoc/>
    public string Name => SourceName;

    /// <inheritdoc/>
    public bool AnswersAnyStep => false;

    /// <summary>A client as this source needs it: follows no redirect, unpacks nothing, keeps its connections.</summary>
    public static HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Scrapes all targets until it is cancelled, then saves what is not saved yet and returns.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_targets.Values.Select(target => target.RunAsync(cancellationToken)));

    /// <summary>Scrapes one target now, to count at a time, for whoever drives the time: one call at a time, and not while <see cref="RunAsync"/> runs. Returns why it failed, or null.</summary>
    /// <exception cref="ArgumentException">No target of this name is scraped.</exception>
    public Task<SourceFailure?> ScrapeOnceAsync(string target, DateTimeOffset at, CancellationToken cancellationToken) =>
        _targets.TryGetValue(target, out var scrape)
            ? scrape.ScrapeAsync(at, cancellationToken)
            : throw new ArgumentException(Unknown(target).Message, nameof(target));

    /// <inheritdoc/>
    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken) =>
        Task.FromResult(_targets.TryGetValue(target.Name, out var scrape) ? scrape.Plan() : Unknown(target.Name));

    /// <inheritdoc/>
    public Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken) =>
        _targets.TryGetValue(plan.Target, out var scrape)
            ? scrape.ReadAsync(plan, firstStep, lastStep, cancellationToken)
            : Task.FromResult<SourceReply<StepBlock>>(Unknown(plan.Target));

    /// <inheritdoc/>
    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(_targets.TryGetValue(plan.Target, out var scrape) ? scrape.BreakDown(plan, request) : Unknown(plan.Target));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult(_targets.TryGetValue(plan.Target, out var scrape) ? scrape.MetricNames() : []);

    private static SourceFailure Unknown(string target) => new(
        SourceFailureKind.Refused, $"Target {target} is not scraped: it has no scrape.url in the configuration that UpgradeWatch started with.");
}
