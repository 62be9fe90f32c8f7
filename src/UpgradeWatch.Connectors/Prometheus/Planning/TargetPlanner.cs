using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Finds out about a target what a plan needs: its metrics, its own <c>up</c>, and how it is scraped.</summary>
internal sealed class TargetPlanner(PrometheusClient client)
{
    /// <summary>How far back a series may lie and still belong to the target.</summary>
    private static readonly TimeSpan Lookback = TimeSpan.FromHours(1);

    public async Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken)
    {
        LabelMatch[] labels = [.. target.Labels.Select(label => new LabelMatch(label.Key, MatchOperator.Equal, label.Value))];
        var now = client.Time.GetUtcNow();
        var names = await client.LabelValuesAsync("__name__", Braces(labels), now - Lookback, now, cancellationToken);
        if (names.Value is null)
        {
            return names.Failure!;
        }

        if (names.Value.Count == 0)
        {
            var why = await new Diagnosis(client).NoSeriesAsync(labels, now - Lookback, now, cancellationToken);
            return new SourceFailure(SourceFailureKind.Empty, why);
        }

        // The first plan only tells which series are the target's requests; how they are scraped is asked of those.
        var facts = new SourceFacts
        {
            Source = PrometheusClient.SourceName,
            MetricNames = names.Value.ToHashSet(StringComparer.Ordinal),
            ScrapeIntervalSeconds = target.Evaluation.StepSeconds,
            DelaySeconds = target.Evaluation.StepSeconds,
        };
        var draft = PlanBuilder.Build(target, facts);
        return draft.Value is null
            ? draft
            : await CompleteAsync(target, facts, labels, Anchor(draft.Value), cancellationToken);
    }

    private async Task<SourceReply<TargetPlan>> CompleteAsync(
        TargetOptions target, SourceFacts facts, LabelMatch[] labels, Selector? anchor, CancellationToken cancellationToken)
    {
        var identity = await new TargetIdentity(client).FindAsync(labels, anchor, cancellationToken);
        if (identity.Value is null)
        {
            return identity.Failure!;
        }

        var timing = await new ScrapeTiming(client).FindAsync(identity.Value, anchor, target.Evaluation.StepSeconds, cancellationToken);
        return timing.Value is null
            ? timing.Failure!
            : PlanBuilder.Build(target, facts with
            {
                ScrapeIntervalSeconds = timing.Value.IntervalSeconds,
                DelaySeconds = timing.Value.DelaySeconds,
                TargetMatches = identity.Value.Matches,
                HasUp = identity.Value.HasUp,
                HasProcessStart = identity.Value.HasProcessStart,
                SeesAnyUp = identity.Value.SeesAnyUp,
            });
    }

    /// <summary>A selector without a metric name; it always has a matcher, or Prometheus refuses it.</summary>
    public static string Braces(IReadOnlyList<LabelMatch> matches) =>
        $"{{{(matches.Count > 0 ? matches : [new LabelMatch("__name__", MatchOperator.NotEqual, "")]).ToPromQl()}}}";

    /// <summary>One series for each of the target's instances, or few: requests if there are any.</summary>
    private static Selector? Anchor(TargetPlan plan)
    {
        var requests = plan.Signals.FirstOrDefault(signal => signal.Gauge is null);
        return requests?.Buckets?.With([new LabelMatch("le", MatchOperator.Equal, "+Inf")])
            ?? (requests is { All: [var all, ..] } ? all : null)
            ?? plan.Signals.Select(signal => signal.Gauge?.Value).FirstOrDefault(value => value is not null);
    }
}
