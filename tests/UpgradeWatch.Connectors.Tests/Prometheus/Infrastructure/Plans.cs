using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;

/// <summary>Plans for tests of reading.</summary>
internal static class Plans
{
    public static readonly SignalDefinition QueueLength = new()
    {
        Name = "queue",
        Gauge = new GaugeDefinition { Value = Selector("queue_length") },
    };

    public static TargetPlan Of(params SignalDefinition[] signals) => new()
    {
        Target = "shop",
        Source = "prometheus",
        Profile = "custom",
        Explanation = "A plan for a test.",
        StepSeconds = 15,
        ScrapeIntervalSeconds = 15,
        DelaySeconds = 2,
        TargetMatches = [new LabelMatch("job", MatchOperator.Equal, "shop")],
        HasUp = false,
        HasProcessStart = false,
        Signals = signals,
        Slis = [],
    };

    public static Selector Selector(string metric, params (string Name, string Value)[] labels) =>
        new(metric, [.. labels.Select(label => new LabelMatch(label.Name, MatchOperator.Equal, label.Value))]);
}
