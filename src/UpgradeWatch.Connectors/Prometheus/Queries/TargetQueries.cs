using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>The queries of a plan, as few as possible.</summary>
internal static class TargetQueries
{
    /// <summary>Label of the instances query: <c>1</c> counts those that are up, <c>0</c> those that are down.</summary>
    public const string StateLabel = "state";

    /// <summary>Value of <see cref="StateLabel"/> on the count of instances that have just started.</summary>
    public const string StartedState = "started";

    /// <summary>Value of <see cref="StateLabel"/> on the count of all instances of all targets, up or down.</summary>
    public const string AnyState = "any";

    /// <summary>All queries that a read of the plan needs.</summary>
    public static IReadOnlyList<PlannedQuery> Of(TargetPlan plan) =>
        [.. Instances(plan), .. plan.Signals.SelectMany(signal => OfSignal(plan, signal))];

    private static IEnumerable<PlannedQuery> Instances(TargetPlan plan)
    {
        var up = new Selector("up", plan.TargetMatches);
        List<string> parts = [];
        if (plan.HasUp) parts.Add($"count_values(\"{StateLabel}\", {ExactCounts.InStep(plan, up)})");
        if (plan.HasUp || plan.HasProcessStart) parts.Add(Marked($"count({Started(plan, up)})", StartedState));
        if (plan.SeesAnyUp) parts.Add(Marked($"count({ExactCounts.InStep(plan, new Selector("up", []))})", AnyState));
        return parts.Count == 0 ? [] : [new PlannedQuery(null, QueryPurpose.Instances, string.Join(" or ", parts))];
    }

    private static string Started(TargetPlan plan, Selector up)
    {
        var processStart = new Selector("process_start_time_seconds", plan.TargetMatches);
        var appeared = $"{ExactCounts.InStep(plan, up)} unless {ExactCounts.BeforeStep(plan, up)}";
        var restarted = ExactCounts.ProcessStarted(plan, ExactCounts.InStep(plan, processStart));
        return (plan.HasUp, plan.HasProcessStart) switch
        {
            (true, true) => $"({appeared}) or ({restarted})",
            (true, false) => appeared,
            _ => restarted,
        };
    }

    private static string Marked(string vector, string state) => $"label_replace({vector}, \"{StateLabel}\", \"{state}\", \"\", \"\")";

    private static IEnumerable<PlannedQuery> OfSignal(TargetPlan plan, SignalDefinition signal)
    {
        if (signal.Gauge is { } gauge)
        {
            yield return new PlannedQuery(signal, QueryPurpose.Gauge, GaugeQuery.Of(plan, gauge));
            yield break;
        }

        if (signal.Buckets is { } buckets)
        {
            yield return new PlannedQuery(signal, QueryPurpose.Buckets, ExactCounts.Buckets(plan, buckets));
        }

        if (signal.All.Count > 0)
        {
            yield return new PlannedQuery(signal, QueryPurpose.All, ExactCounts.Total(plan, signal.All));
        }

        if (signal.Bad.Count > 0)
        {
            yield return new PlannedQuery(signal, QueryPurpose.Bad, ExactCounts.Bad(plan, signal.Bad));
        }
    }
}
