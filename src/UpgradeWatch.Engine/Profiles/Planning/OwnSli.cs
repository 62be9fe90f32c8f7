using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>An SLI of one's own, read from its options.</summary>
internal sealed record OwnSli
{
    private static readonly string[] Units = ["bytes", "seconds", "ratio"];

    /// <summary>Where the numbers come from; null with <see cref="Mistake"/>.</summary>
    public SignalDefinition? Signal { get; private init; }

    /// <summary>What is judged, with the defaults.</summary>
    public IReadOnlyList<SliDefinition> Slis { get; private init; } = [];

    /// <summary>What is wrong, beginning with the field; null when nothing is.</summary>
    public string? Mistake { get; private init; }

    public static OwnSli Read(SliOptions options, SourceFacts facts)
    {
        var given = new[] { options.Query, options.Buckets, options.Total ?? options.Errors }.Count(field => field is not null);
        if (given > 1) return Wrong(": only one of query, buckets, and errors with total can be given.");

        var kind = options.Query is not null ? SliKind.Gauge
            : options.Buckets is not null ? SliKind.Latency
            : options.Errors is not null ? SliKind.Ratio
            : SliKind.Gauge;
        if (options.Kind is { } configured && configured != kind)
        {
            return Wrong($".kind: {configured.ToText()} does not go with the fields given, which make a {kind.ToText()} (ratio: errors and total; latency: buckets; gauge: query, or total alone for traffic).");
        }

        return kind switch
        {
            SliKind.Latency => Latency(options, facts),
            SliKind.Ratio => Ratio(options, facts),
            _ => options.Query is not null ? Gauge(options, facts) : Traffic(options, facts),
        };
    }

    private static OwnSli Ratio(SliOptions options, SourceFacts facts)
    {
        if (options.Total is null) return Wrong(".total: is needed beside errors: the counter of all events.");
        if (!TrySelect("errors", options.Errors!, facts, out var bad, out var mistake)) return Wrong(mistake);
        if (!TrySelect("total", options.Total, facts, out var all, out mistake)) return Wrong(mistake);

        return Right(
            new SignalDefinition { Name = options.Name, All = [all], Bad = [bad] },
            [SliDefaults.OfErrors(options.Name, options.Name)]);
    }

    private static OwnSli Traffic(SliOptions options, SourceFacts facts) =>
        TrySelect("total", options.Total!, facts, out var all, out var mistake)
            ? Right(
                new SignalDefinition { Name = options.Name, All = [all] },
                [SliDefaults.OfTraffic(options.Name, options.Name, "events_per_second")])
            : Wrong(mistake);

    private static OwnSli Latency(SliOptions options, SourceFacts facts)
    {
        if (!TrySelect("buckets", options.Buckets!, facts, out var buckets, out var mistake)) return Wrong(mistake);
        if (!buckets.Metric.EndsWith("_bucket", StringComparison.Ordinal))
        {
            return Wrong($".buckets: {buckets.Metric} is not a histogram's series; {buckets.Metric}_bucket would be.");
        }

        return Right(
            new SignalDefinition { Name = options.Name, Buckets = buckets, BoundUnitSeconds = SecondsPerUnit(buckets.Metric) },
            [.. SliDefaults.OfHistogram(options.Name, options.Name)]);
    }

    private static OwnSli Gauge(SliOptions options, SourceFacts facts)
    {
        if (!TryAggregate(options.Aggregation, out var aggregation))
        {
            return Wrong($".aggregation: {options.Aggregation} is not known; one of sum, avg, max, min is.");
        }

        var gauge = new GaugeDefinition { Query = options.Query, Aggregation = aggregation };
        var unit = "value";
        if (SelectorText.TryParse(options.Query!, out var selector, out var error))
        {
            if (!TrySelect("query", options.Query!, facts, out selector, out var mistake)) return Wrong(mistake);

            // A counter only ever grows: what is meant is how fast.
            var isRate = selector.Metric.EndsWith("_total", StringComparison.Ordinal);
            gauge = gauge with { Query = null, Value = selector, IsRate = isRate };
            unit = Unit(selector.Metric, isRate);
        }
        else if (!facts.UnderstandsPromQl)
        {
            return Wrong($".query: PromQL needs Prometheus; when the target is scraped directly only a plain selector can be read. {error}");
        }

        return Right(new SignalDefinition { Name = options.Name, Gauge = gauge }, [SliDefaults.OfGauge(options.Name, options.Name, unit)]);
    }

    private static bool TrySelect(string field, string text, SourceFacts facts, out Selector selector, out string mistake)
    {
        mistake = "";
        if (!SelectorText.TryParse(text, out var read, out var error))
        {
            selector = new Selector("", []);
            mistake = $".{field}: {error}";
            return false;
        }

        selector = read;
        // Prometheus judges its own patterns; the direct scrape has to be able to use them.
        if (!facts.UnderstandsPromQl && !SelectorMatcher.TryCreate(read, out _, out error)) mistake = $".{field}: {error}";
        return mistake.Length == 0;
    }

    private static bool TryAggregate(string? name, out GaugeAggregation aggregation)
    {
        aggregation = name switch
        {
            "sum" => GaugeAggregation.Sum,
            "avg" => GaugeAggregation.Avg,
            "max" => GaugeAggregation.Max,
            "min" => GaugeAggregation.Min,
            _ => GaugeAggregation.None,
        };
        return name is null || aggregation != GaugeAggregation.None;
    }

    private static double SecondsPerUnit(string metric) => metric switch
    {
        _ when metric.Contains("_milliseconds", StringComparison.Ordinal) || metric.Contains("_ms_", StringComparison.Ordinal) => 1e-3,
        _ when metric.Contains("_microseconds", StringComparison.Ordinal) => 1e-6,
        _ when metric.Contains("_nanoseconds", StringComparison.Ordinal) => 1e-9,
        _ => 1,
    };

    private static string Unit(string metric, bool isRate)
    {
        var name = isRate ? metric[..^"_total".Length] : metric;
        var unit = Units.FirstOrDefault(unit => name.EndsWith("_" + unit, StringComparison.Ordinal));
        return isRate ? (unit ?? "events") + "_per_second" : unit ?? "value";
    }

    private static OwnSli Right(SignalDefinition signal, IReadOnlyList<SliDefinition> slis) => new() { Signal = signal, Slis = slis };

    private static OwnSli Wrong(string mistake) => new() { Mistake = mistake };
}
