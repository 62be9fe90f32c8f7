using System.Globalization;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Runs every query of a target once over windows as long as those of an upgrade, and says what is wrong with them.</summary>
/// <param name="source">Prometheus.</param>
public sealed class LiveCheck(PrometheusSource source)
{
    /// <summary>Checks one target, with the observation window ending now and the baseline window before it.</summary>
    public async Task<LiveCheckReport> RunAsync(TargetOptions target, CancellationToken cancellationToken)
    {
        var planned = await source.PlanAsync(target, cancellationToken);
        if (planned.Value is not { } plan)
        {
            return new LiveCheckReport { Failure = planned.Failure };
        }

        var until = plan.NewestComplete(source.Client.Time.GetUtcNow());
        var observation = Window(plan, until, target.Evaluation.ObservationSeconds);
        var baseline = Window(plan, observation.First - 1, target.Evaluation.BaselineSeconds);
        var checks = new List<QueryCheck>();
        foreach (var query in TargetQueries.Of(plan))
        {
            checks.Add(await CheckAsync(plan, query, CheckWindow.Baseline, baseline, cancellationToken));
            checks.Add(await CheckAsync(plan, query, CheckWindow.Observation, observation, cancellationToken));
        }

        return new LiveCheckReport
        {
            Plan = plan,
            Queries = checks,
            Warnings = [.. TargetWarnings(target, plan), .. await LazyErrorsAsync(plan, cancellationToken)],
        };
    }

    private static StepGrid Window(TargetPlan plan, long last, double seconds)
    {
        var count = Math.Max(1, (int)Math.Ceiling(seconds / plan.StepSeconds));
        return new StepGrid(plan.StepSeconds, last - count + 1, count);
    }

    private async Task<QueryCheck> CheckAsync(
        TargetPlan plan, PlannedQuery query, CheckWindow window, StepGrid grid, CancellationToken cancellationToken)
    {
        var reply = await source.Client.RangeAsync(query.Text, grid, query.Absent, cancellationToken);
        var (from, until) = (plan.EndOf(grid.First - 1), plan.EndOf(grid.First + grid.Count - 1));
        var selectors = Selectors(plan, query);
        var series = reply.Value?.Series ?? [];
        return new QueryCheck
        {
            Signal = query.Signal?.Name,
            Purpose = query.Purpose,
            Window = window,
            Query = query.Text,
            Series = series.Count,
            SeriesBehind = selectors.Count == 0 ? null : await CountAsync(selectors, until, cancellationToken),
            Labels = selectors.Count == 0
                ? [.. series.SelectMany(one => one.Labels.Keys).Distinct().Order(StringComparer.Ordinal)]
                : await LabelsAsync(selectors, from, until, cancellationToken),
            ScrapeIntervalSeconds = plan.ScrapeIntervalSeconds,
            StepSeconds = plan.StepSeconds,
            Steps = grid.Count,
            Coverage = series.Select(one => one.Samples).DefaultIfEmpty().Max() / (double)grid.Count,
            Samples = reply.Value?.Samples ?? 0,
            Failure = reply.Failure ?? Several(query, series),
            Empty = reply.Value is { Samples: 0 } ? await WhyEmptyAsync(selectors, from, until, cancellationToken) : null,
            Warnings = query.Signal?.Gauge?.Query is { } own ? QueryWarnings.Of(plan, own) : [],
        };
    }

    private static SourceFailure? Several(PlannedQuery query, IReadOnlyCollection<GridSeries> series) =>
        query.Purpose == QueryPurpose.Gauge && series.Count > 1
            ? SeveralSeries.Refuse(query.Signal!.Name, [.. series.Select(one => one.Labels)])
            : null;

    private static IReadOnlyList<Selector> Selectors(TargetPlan plan, PlannedQuery query) => query.Purpose switch
    {
        QueryPurpose.Instances => [new Selector(plan.HasUp ? "up" : "process_start_time_seconds", plan.TargetMatches)],
        QueryPurpose.All => query.Signal!.All,
        QueryPurpose.Bad => query.Signal!.Bad,
        QueryPurpose.Buckets => [query.Signal!.Buckets!],
        _ => new[] { query.Signal!.Gauge!.Value, query.Signal.Gauge.Per }.OfType<Selector>().ToArray(),
    };

    private async Task<string> WhyEmptyAsync(IReadOnlyList<Selector> selectors, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (selectors.Count == 0)
        {
            return "The query gives nothing in this window: is the metric's name right, and do the labels have these values?";
        }

        var reasons = new List<string>();
        foreach (var selector in selectors)
        {
            reasons.Add(await new Diagnosis(source.Client).NoSeriesAsync(selector, from, until, cancellationToken));
        }

        return string.Join(' ', reasons.Distinct());
    }

    private async Task<long?> CountAsync(IReadOnlyList<Selector> selectors, DateTimeOffset at, CancellationToken cancellationToken)
    {
        long sum = 0;
        foreach (var selector in selectors)
        {
            var reply = await source.Client.InstantAsync($"count({selector.ToPromQl()})", at, cancellationToken);
            if (reply.Value is null)
            {
                return null;
            }

            sum += reply.Value.Series is [{ Points: [var point, ..] }, ..] ? (long)point.Value : 0;
        }

        return sum;
    }

    private async Task<IReadOnlyList<string>> LabelsAsync(IReadOnlyList<Selector> selectors, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var selector in selectors)
        {
            names.UnionWith((await source.Client.LabelNamesAsync(selector.ToPromQl(), from, until, cancellationToken)).Value ?? []);
        }

        names.Remove("__name__");
        return [.. names];
    }

    private static IEnumerable<string> TargetWarnings(TargetOptions target, TargetPlan plan)
    {
        if (Math.Abs(plan.StepSeconds - target.Evaluation.StepSeconds) > 1e-6)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"stepSeconds {target.Evaluation.StepSeconds:0.###} is no multiple of the scrape interval of {plan.ScrapeIntervalSeconds:0.###} s; steps of {plan.StepSeconds:0.###} s are used.");
        }

        if (!plan.HasUp)
        {
            yield return "The target has no up series with the job and instance of its metrics: it is not seen when it is down.";
        }

        if (!plan.HasProcessStart)
        {
            yield return "The target has no process_start_time_seconds: restarts are seen only where a new instance appears.";
        }

        if (!plan.HasUp && !plan.HasProcessStart)
        {
            yield return "With neither of the two, the first value of every new series is lost.";
        }
    }

    // A service that makes its error series at the first error loses that error in every plain rate.
    private async Task<IReadOnlyList<string>> LazyErrorsAsync(TargetPlan plan, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        foreach (var signal in plan.Signals.Where(signal => signal.Bad.Count > 0))
        {
            var all = signal.All is [var first, ..] ? first : signal.Buckets;
            if (all is null)
            {
                continue;
            }

            var bad = string.Join(" or ", signal.Bad.Select(selector => $"group by (job, instance) ({selector.ToPromQl()})"));
            var reply = await source.Client.InstantAsync($"count(group by (job, instance) ({all.ToPromQl()}) unless on (job, instance) ({bad}))", at: null, cancellationToken);
            if (reply.Value?.Series is [{ Points: [var without, ..] }, ..])
            {
                warnings.Add($"{signal.Name}: {without.Value:0} instances have no error series yet: it is created at the first error. "
                    + (plan.HasUp || plan.HasProcessStart ? "It is counted from 0 here, but plain rate in dashboards and rules misses that error." : "That error is lost."));
            }
        }

        return warnings;
    }
}
