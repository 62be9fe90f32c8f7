using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.TestKit.Simulation;

/// <summary>What a metrics source answers about simulated targets.</summary>
internal static class SimulatedAnswers
{
    private static readonly HashSet<string> Metrics =
    [
        "http_server_request_duration_seconds_bucket", "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_sum",
        "kestrel_active_connections", "process_cpu_seconds_total", "process_start_time_seconds",
    ];

    /// <summary>What is asked of the source about a target.</summary>
    public static SourceReply<TargetPlan> Plan(string source, TargetOptions target, double stepSeconds) => PlanBuilder.Build(target, new SourceFacts
    {
        Source = source,
        MetricNames = Metrics,
        ScrapeIntervalSeconds = stepSeconds,
        DelaySeconds = 2,
    });

    /// <summary>Steps of a target.</summary>
    /// <param name="plan">What is asked.</param>
    /// <param name="firstStep">The first step.</param>
    /// <param name="lastStep">The last step.</param>
    /// <param name="parts">Steps of the truth in one that is asked for.</param>
    /// <param name="truthOf">The truth; null where no sample arrived.</param>
    public static StepBlock Block(TargetPlan plan, long firstStep, long lastStep, int parts, Func<long, SimulatedService.Step?> truthOf)
    {
        var steps = Enumerable.Range(0, (int)(lastStep - firstStep + 1))
            .Select(i => SimulatedService.Step.Sum([.. Enumerable.Range(0, parts).Select(part => truthOf(((firstStep + i - 1) * parts) + part + 1))])).ToArray();
        return new StepBlock
        {
            StepSeconds = plan.StepSeconds,
            FirstStep = firstStep,
            Count = steps.Length,
            Up = [.. steps.Select(s => s is null ? -1 : s.IsUp ? 1 : 0)],
            Down = [.. steps.Select(s => s is { IsUp: false } ? 1 : 0)],
            Started = [.. steps.Select(s => s is { HasStarted: true })],
            Signals = plan.Signals.ToDictionary(signal => signal.Name, signal => Read(signal, steps)),
            Samples = steps.Length,
        };
    }

    private static SignalSteps Read(SignalDefinition signal, SimulatedService.Step?[] steps)
    {
        double[] Of(Func<SimulatedService.Step, double> number) => [.. steps.Select(s => s is { IsUp: true, HasMetrics: true } ? number(s) : double.NaN)];
        if (signal.Gauge is not null) return new SignalSteps { Values = Of(s => s.Level) };
        return new SignalSteps
        {
            All = Of(s => s.Total),
            Bad = Of(s => s.Bad),
            Bounds = SimulatedService.Bounds,
            Buckets = [.. Enumerable.Range(0, SimulatedService.Bounds.Length).Select(i => Of(s => s.Cumulative[i]))],
        };
    }
}
