namespace UpgradeWatch.Engine.Profiles;

/// <summary>What of a signal a target really has.</summary>
internal static class SignalExistence
{
    /// <summary>
    /// Whether the signal can be read. The bad events do not matter: a service that has not failed yet may have no
    /// series for them, which counts as none.
    /// </summary>
    public static bool Exists(this SignalDefinition signal, IReadOnlySet<string> metricNames)
    {
        if (signal.Gauge is { } gauge)
        {
            return gauge.Query is not null ||
                (metricNames.Contains(gauge.Value!.Metric) && (gauge.Per is null || metricNames.Contains(gauge.Per.Metric)));
        }

        return signal.All.Count > 0
            ? signal.All.Any(selector => metricNames.Contains(selector.Metric))
            : signal.Buckets is not null && metricNames.Contains(signal.Buckets.Metric);
    }

    /// <summary>The signal without a histogram that does not exist.</summary>
    public static SignalDefinition OnlyExisting(this SignalDefinition signal, IReadOnlySet<string> metricNames) =>
        signal.Buckets is not null && !metricNames.Contains(signal.Buckets.Metric) ? signal with { Buckets = null } : signal;

    /// <summary>The signal with the target's labels in every selector.</summary>
    public static SignalDefinition With(this SignalDefinition signal, IReadOnlyList<LabelMatch> matches) => signal with
    {
        All = [.. signal.All.Select(selector => selector.With(matches))],
        Bad = [.. signal.Bad.Select(selector => selector.With(matches))],
        Buckets = signal.Buckets?.With(matches),
        Gauge = signal.Gauge is null ? null : signal.Gauge with
        {
            Value = signal.Gauge.Value?.With(matches),
            Per = signal.Gauge.Per?.With(matches),
        },
    };

    /// <summary>The metric whose absence is to blame when the signal does not exist.</summary>
    public static string MainMetric(this SignalDefinition signal) =>
        signal.Gauge?.Value?.Metric ?? (signal.All is [var first, ..] ? first.Metric : signal.Buckets?.Metric) ?? signal.Name;
}
