using System.Globalization;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>
/// The one place that knows how exact increases per step are asked for. <c>rate(x[step]) * step</c> loses what happens
/// between two windows and the first value of every new series; this form keeps both: what a series gained between
/// the last sample before the step and the last one in it, and the whole first value of a series that is new on an
/// instance that was already up or whose process has just started.
/// </summary>
internal static class ExactCounts
{
    /// <summary>How far back a series' last sample may lie; one and the same everywhere, or increases get lost or counted twice.</summary>
    private const string Reach = "5m";

    /// <summary>Labels that tell one scraped instance from another.</summary>
    private const string Instance = "on (job, instance)";

    /// <summary>The increase of each series in the step.</summary>
    public static string PerSeries(TargetPlan plan, Selector counter)
    {
        var m = counter.ToPromQl();
        var step = Milliseconds(plan.StepSeconds);
        var rate = $"rate(last_over_time({m}[{Reach}])[{Duration(step + 1)}:{Duration(Milliseconds(plan.ScrapeIntervalSeconds))}]) * {Number(plan.StepSeconds)}";
        var increase = NewSeriesGate(plan) is { } gate
            ? $"((last_over_time({m}[{Duration(step)}]) unless last_over_time({m}[{Reach}] offset {Duration(step)})) and {Instance} ({gate})) or {rate}"
            : rate;
        return Only(plan, increase);
    }

    /// <summary>
    /// All events in the step, added up over all series; no point at all in a step without any sample. The form goes on
    /// reading 0 for as long as its reach after the last sample, so that must be told apart here.
    /// </summary>
    public static string Total(TargetPlan plan, IReadOnlyList<Selector> counters) =>
        $"({Sum(plan, counters)}) and on () ({string.Join(" or ", counters.Select(counter => $"count({InStep(plan, counter)})"))})";

    /// <summary>Bad events in the step, added up; no point, which means 0, where there are none.</summary>
    public static string Bad(TargetPlan plan, IReadOnlyList<Selector> counters) =>
        counters.Count == 1 ? $"sum({PerSeries(plan, counters[0])})" : Sum(plan, counters);

    /// <summary>
    /// Events in the step by bucket bound. A bound has a point only where the step has samples and every histogram that
    /// has any has that bound: a bound that only some instances know would count only their requests.
    /// </summary>
    public static string Buckets(TargetPlan plan, Selector buckets)
    {
        var present = $"count by (le) ({InStep(plan, buckets)})";
        return $"(sum by (le) ({PerSeries(plan, buckets)}) or 0 * {present}) and ({present} == scalar(max({present})))";
    }

    /// <summary>The last sample of each series in the step; none where it was not scraped.</summary>
    public static string InStep(TargetPlan plan, Selector selector) =>
        Only(plan, $"last_over_time({selector.ToPromQl()}[{Duration(Milliseconds(plan.StepSeconds))}])");

    /// <summary>The last sample of each series before the step.</summary>
    public static string BeforeStep(TargetPlan plan, Selector selector) =>
        $"last_over_time({selector.ToPromQl()}[{Reach}] offset {Duration(Milliseconds(plan.StepSeconds))})";

    /// <summary>Instances whose process started within the step and two scrapes: it is seen only when it is scraped.</summary>
    public static string ProcessStarted(TargetPlan plan, string processStart) =>
        $"{processStart} > time() - {Number(plan.StepSeconds)} - 2 * {Number(plan.ScrapeIntervalSeconds)}";

    /// <summary>A PromQL duration.</summary>
    public static string Duration(long milliseconds) => milliseconds % 1000 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}s")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");

    /// <summary>Whole milliseconds, the unit in which Prometheus keeps time.</summary>
    public static long Milliseconds(double seconds) => (long)Math.Round(seconds * 1000);

    /// <summary>A number as PromQL reads it.</summary>
    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    // Instances that end within a step have still had their series in it.
    private static string Only(TargetPlan plan, string vector) => plan.Only is { Having: { } having } only
        ? $"(({vector}) and on ({string.Join(", ", only.On)}) last_over_time({having.ToPromQl()}[{Reach}]))"
        : vector;

    // Without it a gap in the scrapes of a pod would make its whole counter the increase of one step.
    private static string? NewSeriesGate(TargetPlan plan)
    {
        var wasUp = $"{new Selector("up", plan.TargetMatches).ToPromQl()} offset {Duration(Milliseconds(plan.StepSeconds))} == 1";
        var started = ProcessStarted(plan, new Selector("process_start_time_seconds", plan.TargetMatches).ToPromQl());
        return (plan.HasUp, plan.HasProcessStart) switch
        {
            (true, true) => $"{wasUp} or {started}",
            (true, false) => wasUp,
            (false, true) => started,
            _ => null,
        };
    }

    private static string Sum(TargetPlan plan, IReadOnlyList<Selector> counters) =>
        string.Join(" + ", counters.Select(counter => $"(sum({PerSeries(plan, counter)}) or vector(0))"));
}
