using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Reads targets out of Prometheus, or anything that answers its query API.</summary>
public sealed class PrometheusSource : IMetricSource, IVersionSource
{
    private const int QueriesAtOnce = 4;

    private readonly PrometheusClient _client;
    private readonly TargetPlanner _planner;
    private readonly BreakdownReader _breakdowns;
    private readonly VersionReader _versions;

    /// <summary>Makes a source; <see cref="PrometheusRegistration.AddPrometheusSource"/> does so with everything it needs.</summary>
    /// <param name="http">Client with the address of Prometheus as its base address, ending in a slash.</param>
    /// <param name="counters">Where requests and samples are counted.</param>
    /// <param name="time">The clock.</param>
    public PrometheusSource(HttpClient http, SourceCounters counters, TimeProvider time)
    {
        _client = new PrometheusClient(http, counters, time);
        _planner = new TargetPlanner(_client);
        _breakdowns = new BreakdownReader(_client, counters);
        Pods = new PodMetrics(_client);
        _versions = new VersionReader(_client, counters);
    }

    /// <inheritdoc/>
    public string Name => PrometheusClient.SourceName;

    /// <summary>How pods are, as it knows from kube-state-metrics.</summary>
    public IHealthSource Pods { get; }

    /// <summary>The client, for the live check.</summary>
    internal PrometheusClient Client => _client;

    /// <inheritdoc/>
    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken) =>
        _planner.PlanAsync(target, cancellationToken);

    /// <inheritdoc/>
    public async Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastStep, firstStep);
        var grid = new StepGrid(plan.StepSeconds, firstStep, checked((int)(lastStep - firstStep + 1)));
        var answers = await AskAsync(TargetQueries.Of(plan), grid, cancellationToken);

        // A query that is refused concerns its signal alone; anything else concerns Prometheus.
        var failure = answers.Select(answer => answer.Query.Signal is not null && answer.Reply.Failure is { Kind: SourceFailureKind.Refused } ? null : answer.Reply.Failure)
            .FirstOrDefault(found => found is not null);
        return failure is null ? new BlockBuilder(plan, grid).Build(answers) : failure;
    }

    /// <inheritdoc/>
    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken) =>
        _breakdowns.ReadAsync(plan, request, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceReply<VersionCounts>> VersionsAsync(TargetOptions target, DateTimeOffset from, DateTimeOffset until, double stepSeconds, CancellationToken cancellationToken) =>
        _versions.ReadAsync(target, from, until, stepSeconds, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken)
    {
        var any = new LabelMatch("__name__", MatchOperator.NotEqual, "");
        var now = await _client.InstantAsync($"count by (__name__) ({{{plan.TargetMatches.Append(any).ToArray().ToPromQl()}}})", at: null, cancellationToken);
        return now.Value is null
            ? []
            : [.. now.Value.Series.Select(series => series.Labels.GetValueOrDefault("__name__") ?? "").Where(name => name.Length > 0).Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<(PlannedQuery Query, SourceReply<Matrix> Reply)>> AskAsync(
        IReadOnlyList<PlannedQuery> queries, StepGrid grid, CancellationToken cancellationToken)
    {
        var answers = new (PlannedQuery, SourceReply<Matrix>)[queries.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = QueriesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, queries.Count, options, async (i, token) =>
            answers[i] = (queries[i], await _client.RangeAsync(queries[i].Text, grid, queries[i].Absent, token)));
        return answers;
    }
}
