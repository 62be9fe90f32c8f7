namespace UpgradeWatch.Engine.Profiles;

/// <summary>What a kind of software says about itself: which of its metrics are its requests, and which its saturation.</summary>
public sealed record Profile
{
    /// <summary>Name in the configuration, for instance <c>aspnetcore</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The producer's own pages or source that name the metrics and labels.</summary>
    public required IReadOnlyList<string> Documentation { get; init; }

    /// <summary>The requests, in the ways versions and settings of the software show them: the first whose metrics exist counts.</summary>
    public required IReadOnlyList<SignalDefinition> Requests { get; init; }

    /// <summary>The saturation: of those with the same name, the first whose metrics exist counts.</summary>
    public IReadOnlyList<ProfileGauge> Gauges { get; init; } = [];

    /// <summary>Unit of the traffic.</summary>
    public string TrafficUnit { get; init; } = "requests_per_second";

    /// <summary>
    /// Beginnings of metric names of which one must exist before the profile is chosen by itself; empty when its requests
    /// alone tell it from every other profile.
    /// </summary>
    public IReadOnlyList<string> Signs { get; init; } = [];

    /// <summary>Labels of the requests that say where something went wrong, those that say most first.</summary>
    public IReadOnlyList<string> ExplainBy { get; init; } = [];

    /// <summary>What to change so that the latency can be judged, said where there is no histogram; null when there always is one, or never.</summary>
    public string? LatencyAdvice { get; init; }
}

/// <summary>One measure of saturation; it can only warn unless configured otherwise, and up is bad.</summary>
/// <param name="Unit">Unit of its values.</param>
/// <param name="Signal">How it is read; its name is the SLI's.</param>
public sealed record ProfileGauge(string Unit, SignalDefinition Signal)
{
    /// <summary>A gauge of which the last value in a step counts.</summary>
    internal static ProfileGauge Level(string name, string unit, GaugeAggregation aggregation, string value, string? per = null) =>
        new(unit, Define(name, aggregation, value, per, isRate: false));

    /// <summary>A counter of which the increase per second counts.</summary>
    internal static ProfileGauge Rate(string name, string unit, GaugeAggregation aggregation, string value) =>
        new(unit, Define(name, aggregation, value, per: null, isRate: true));

    private static SignalDefinition Define(string name, GaugeAggregation aggregation, string value, string? per, bool isRate) => new()
    {
        Name = name,
        Gauge = new GaugeDefinition
        {
            Value = SelectorText.Parse(value),
            Per = per is null ? null : SelectorText.Parse(per),
            IsRate = isRate,
            Aggregation = aggregation,
        },
    };
}
