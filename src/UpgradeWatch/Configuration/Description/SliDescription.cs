using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>targets[].slis[]</c>.</summary>
internal static class SliDescription
{
    private const string SelectorExpected = "a metric name, with label matchers if need be, such as orders_total{kind=\"card\"}";

    private static readonly MappingShape<SliOptions> Tolerance = new(
        new SliOptions { Name = "" },
        new Key<SliOptions, double>("relative", new NumberShape(0, 100), (options, value) => options with { ToleranceRelative = value },
            "Share of the baseline, 0 to 100: 0.1 for 10 %. Left out: the profile's."),
        new Key<SliOptions, double>("absolute", new NumberShape(0, 1e15), (options, value) => options with { ToleranceAbsolute = value },
            "In the SLI's unit, at least 0. Left out: the profile's."));

    private static readonly Key<SliOptions>[] Keys =
    [
        new Key<SliOptions, string>("name", new TextShape("a name of lower-case letters, digits, '.', '_' and '-', at most 63 characters", 63, Names.Target), (options, value) => options with { Name = value },
            "Name of the SLI: one of the profile's (error-ratio, latency, latency-p50, latency-p95, latency-p99, traffic, ...) to change it, else a new one.") { Required = true },
        new Key<SliOptions, bool>("enabled", new FlagShape(), (options, value) => options with { Enabled = value },
            "False leaves the SLI out.", options => options.Enabled),
        new Key<SliOptions, SliKind?>("kind", SliRules.Kinds, (options, value) => options with { Kind = value },
            "What it measures: ratio (errors over total), latency (buckets) or gauge (query, or total for events per second). Left out: worked out from these keys."),
        new Key<SliOptions, string>("query", new CheckedTextShape("a PromQL expression", RefuseQuery), (options, value) => options with { Query = value },
            "A gauge: a metric name with label matchers (the increase per second where it ends in _total), or PromQL where Prometheus is asked."),
        Selector("errors", (options, value) => options with { Errors = value },
            "Selector of the counter of bad events, for instance orders_failed_total{kind=\"card\"}; the target's labels are added."),
        Selector("total", (options, value) => options with { Total = value },
            "Selector of the counter of all events, for instance orders_total; the target's labels are added."),
        Selector("buckets", (options, value) => options with { Buckets = value },
            "Selector of a histogram's _bucket series, for instance order_duration_seconds_bucket; the target's labels are added."),
        new Key<SliOptions, string>("aggregation", new ChoiceShape<string>(("sum", "sum"), ("avg", "avg"), ("max", "max"), ("min", "min")), (options, value) => options with { Aggregation = value },
            "How several series of a query become one. Left out: more than one series is refused."),
        new Key<SliOptions, Direction?>("direction", new ChoiceShape<Direction?>(("up", Direction.Up), ("down", Direction.Down), ("both", Direction.Both)), (options, value) => options with { Direction = value },
            "Which way is bad. Left out: the profile's, for an SLI of one's own up."),
        new Key<SliOptions, bool>("critical", new FlagShape(), (options, value) => options with { Critical = value },
            "Whether it can fail the verdict; otherwise it can only warn. Left out: the profile's."),
        new Key<SliOptions, string>("unit", new TextShape("a unit such as seconds or bytes, at most 40 characters", 40), (options, value) => options with { Unit = value },
            "Unit of the values, for people. Left out: the profile's."),
        new Key<SliOptions, SliOptions>("tolerance", Tolerance, (options, value) => options with { ToleranceRelative = value.ToleranceRelative, ToleranceAbsolute = value.ToleranceAbsolute },
            "What a difference must at least be to matter: beyond every part that is given."),
        new Key<SliOptions, double>("absoluteLimit", new NumberShape(-1e15, 1e15), (options, value) => options with { AbsoluteLimit = value },
            "Hard limit in the SLI's unit: beyond it in the bad direction it fails by itself. Left out: none."),
    ];

    /// <summary>The shape of one SLI.</summary>
    /// <param name="profile">Name of the target's profile, whose SLIs can be changed.</param>
    /// <param name="scraped">Whether the target's metrics are read directly, without PromQL.</param>
    public static MappingShape<SliOptions> For(string profile, bool scraped) => new(new SliOptions { Name = "" }, Keys)
    {
        Finish = (options, map, path, context) => SliRules.Finish(options, map, path, context, profile, scraped),
    };

    private static Key<SliOptions, string> Selector(string name, Func<SliOptions, string, SliOptions> set, string meaning) =>
        new(name, new CheckedTextShape(SelectorExpected, name == "buckets" ? RefuseBuckets : RefuseSelector), set, meaning);

    private static string? RefuseQuery(string text) => text.Trim().Length is 0 or > 10_000 ? "write a PromQL expression of at most 10000 characters" : null;

    private static string? RefuseSelector(string text) =>
        SelectorText.TryParse(text, out _, out var error) ? null : $"{error} Write {SelectorExpected}";

    private static string? RefuseBuckets(string text) =>
        SelectorText.TryParse(text, out var selector, out _) && !selector.Metric.EndsWith("_bucket", StringComparison.Ordinal)
            ? $"that is not a histogram's series; write {selector.Metric}_bucket"
            : RefuseSelector(text);
}
