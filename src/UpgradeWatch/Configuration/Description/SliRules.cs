using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Configuration.Description;

/// <summary>What must hold between the keys of one SLI.</summary>
internal static class SliRules
{
    private static readonly string[] Sources = ["query", "errors", "total", "buckets"];

    private static readonly string[] RequestNames = ["error-ratio", "latency", "latency-p50", "latency-p95", "latency-p99", "traffic"];

    /// <summary>The kinds that can be configured.</summary>
    public static ChoiceShape<SliKind?> Kinds { get; } = new(("ratio", SliKind.Ratio), ("latency", SliKind.Latency), ("gauge", SliKind.Gauge));

    public static SliOptions Finish(SliOptions sli, MapNode map, string path, ReadingContext context, string profile, bool scraped)
    {
        var given = Sources.Where(key => map.Find(key) is not null).ToArray();
        if (scraped && sli.Query is { } query && !SelectorText.TryParse(query, out _, out _))
        {
            context.Add(map, path, "query", "is PromQL, but this target's metrics are read directly; write a metric name with label matchers, or leave scrape out");
        }

        if (map.Find("aggregation") is not null && !given.Contains("query"))
        {
            context.Add(map, path, "aggregation", "is only for an SLI with a query; leave it out");
        }

        if (given.Length > 0) CheckSources(sli.Kind ?? KindOf(given), given, map, path, context);
        else if (sli.Name.Length > 0) CheckChange(sli, map, path, context, profile);
        return sli;
    }

    private static SliKind KindOf(string[] given) =>
        given.Contains("errors") ? SliKind.Ratio
        : given.Contains("buckets") ? SliKind.Latency
        : SliKind.Gauge;

    /// <summary>An SLI that does not say where its numbers come from changes one of the profile's.</summary>
    private static void CheckChange(SliOptions sli, MapNode map, string path, ReadingContext context, string profile)
    {
        if (sli.Kind is { } kind)
        {
            context.Add(map, path, "kind", $"is {Kinds.WordOf(kind)}, but it is not said where the numbers come from; write {Needed(kind)}, or leave kind out to change an SLI of the profile");
        }
        else if (profile == ProfileCatalog.Custom)
        {
            context.Add(map.At, path, "does not say where its numbers come from, and the profile custom has no SLIs to change; write errors and total, buckets, total or query");
        }
        else if (ProfileCatalog.Find(profile) is { } known)
        {
            CheckName(sli.Name, [.. RequestNames, .. known.Gauges.Select(gauge => gauge.Signal.Name)], map, path, context, profile);
        }
    }

    private static void CheckName(string name, string[] known, MapNode map, string path, ReadingContext context, string profile)
    {
        if (known.Contains(name)) return;
        var meant = Suggestion.For(name, known) is { } near ? $"did you mean {near}? " : "";
        context.Add(map, path, "name", $"is \"{name}\"; {meant}The profile {profile} has {string.Join(", ", known)}; an SLI of one's own needs errors and total, buckets, total or query");
    }

    private static void CheckSources(SliKind kind, string[] given, MapNode map, string path, ReadingContext context)
    {
        string[] fitting = kind switch
        {
            SliKind.Ratio => ["errors", "total"],
            SliKind.Latency => ["buckets"],
            _ => ["query", "total"],
        };
        foreach (var key in given.Except(fitting))
        {
            context.Add(map, path, key, $"does not fit an SLI of kind {Kinds.WordOf(kind)}; write {Needed(kind)}");
        }

        foreach (var key in kind == SliKind.Gauge ? [] : fitting.Except(given))
        {
            context.Add(map, path, key, $"is missing; an SLI of kind {Kinds.WordOf(kind)} needs {Needed(kind)}");
        }

        if (kind == SliKind.Gauge && given.Contains("query") && given.Contains("total"))
        {
            context.Add(map, path, "total", "cannot be used with query; keep one of the two");
        }
    }

    private static string Needed(SliKind kind) => kind switch
    {
        SliKind.Ratio => "errors and total",
        SliKind.Latency => "buckets",
        _ => "query, or total for events per second",
    };
}
