using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>How a gauge is asked for.</summary>
internal static class GaugeQuery
{
    public static string Of(TargetPlan plan, GaugeDefinition gauge)
    {
        if (gauge.Query is { } own)
        {
            // On lines of its own: it may end in a comment.
            return gauge.Aggregation == GaugeAggregation.None ? own : $"{Function(gauge.Aggregation)}(\n{own}\n)";
        }

        var value = gauge.IsRate ? Rate(plan, gauge) : Aggregate(gauge.Aggregation, Level(plan, gauge.Value!));
        return gauge.Per is null ? value : $"({value}) / ({Aggregate(gauge.Aggregation, Level(plan, gauge.Per))})";
    }

    // A step of several scrapes is what its scrapes are on average, so that steps of other lengths can be compared.
    private static string Level(TargetPlan plan, Selector selector) => plan.StepSeconds > plan.ScrapeIntervalSeconds
        ? $"avg_over_time({selector.ToPromQl()}[{ExactCounts.Duration(ExactCounts.Milliseconds(plan.StepSeconds))}])"
        : ExactCounts.InStep(plan, selector);

    // As with all counters, a step without a sample is a gap and not a rate of 0.
    private static string Rate(TargetPlan plan, GaugeDefinition gauge)
    {
        var perSecond = $"({ExactCounts.PerSeries(plan, gauge.Value!)}) / {ExactCounts.Number(plan.StepSeconds)}";
        var inStep = ExactCounts.InStep(plan, gauge.Value!);
        return gauge.Aggregation == GaugeAggregation.None
            ? $"{perSecond} and {inStep}"
            : $"{Aggregate(gauge.Aggregation, perSecond)} and on () count({inStep})";
    }

    private static string Aggregate(GaugeAggregation aggregation, string vector) =>
        aggregation == GaugeAggregation.None ? vector : $"{Function(aggregation)}({vector})";

    private static string Function(GaugeAggregation aggregation) => aggregation switch
    {
        GaugeAggregation.Sum => "sum",
        GaugeAggregation.Avg => "avg",
        GaugeAggregation.Max => "max",
        _ => "min",
    };
}
