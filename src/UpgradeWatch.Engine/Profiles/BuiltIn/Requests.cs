namespace UpgradeWatch.Engine.Profiles;

/// <summary>Shorthand for the requests of a profile.</summary>
internal static class Requests
{
    /// <summary>Name of the signal in every plan.</summary>
    public const string Signal = "requests";

    /// <summary>
    /// A histogram that carries the status: its +Inf bucket is all requests, so that they are not fetched a second time,
    /// and the bad ones are its count by status.
    /// </summary>
    public static SignalDefinition Histogram(string name, string bad, string matches = "", double unitSeconds = 1) => new()
    {
        Name = Signal,
        Bad = [SelectorText.Parse($"{name}_count{{{Join(matches, bad)}}}")],
        Buckets = SelectorText.Parse($"{name}_bucket{{{matches}}}"),
        BoundUnitSeconds = unitSeconds,
    };

    /// <summary>A counter that carries the status, without latency.</summary>
    public static SignalDefinition Counter(string name, string bad, string matches = "") => new()
    {
        Name = Signal,
        All = [SelectorText.Parse($"{name}{{{matches}}}")],
        Bad = [SelectorText.Parse($"{name}{{{Join(matches, bad)}}}")],
    };

    /// <summary>A counter that carries the status, and a histogram that does not.</summary>
    public static SignalDefinition CounterAndHistogram(string counter, string bad, string histogram) =>
        Counter(counter, bad) with { Buckets = SelectorText.Parse(histogram + "_bucket") };

    private static string Join(string matches, string bad) => matches.Length == 0 ? bad : matches + "," + bad;
}
