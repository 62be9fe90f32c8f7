using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Watches;

/// <summary>The metric names that a signal is made of.</summary>
internal static class PlanMetrics
{
    /// <summary>Every metric name of a signal, each as it is selected.</summary>
    public static IEnumerable<string> Of(SignalDefinition signal)
    {
        foreach (var selector in (IEnumerable<Selector?>)[.. signal.All, .. signal.Bad, signal.Buckets, signal.Gauge?.Value, signal.Gauge?.Per])
        {
            if (selector is not null) yield return selector.Metric;
        }
    }
}
