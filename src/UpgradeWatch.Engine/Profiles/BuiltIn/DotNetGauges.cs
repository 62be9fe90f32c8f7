namespace UpgradeWatch.Engine.Profiles;

/// <summary>
/// Saturation of a .NET process in the ways its metrics reach Prometheus: OpenTelemetry (.NET 9 on, then the
/// instrumentation packages for .NET 8), and prometheus-net's own process collector.
/// </summary>
internal static class DotNetGauges
{
    public static readonly IReadOnlyList<string> Documentation =
    [
        "https://learn.microsoft.com/en-us/dotnet/core/diagnostics/built-in-metrics-runtime",
        "https://github.com/dotnet/runtime/blob/main/src/libraries/System.Diagnostics.DiagnosticSource/src/System/Diagnostics/Metrics/RuntimeMetrics.cs",
        "https://github.com/open-telemetry/opentelemetry-dotnet-contrib/blob/main/src/OpenTelemetry.Instrumentation.Runtime/README.md",
        "https://github.com/open-telemetry/opentelemetry-dotnet-contrib/blob/main/src/OpenTelemetry.Instrumentation.Process/README.md",
        "https://github.com/prometheus-net/prometheus-net/blob/master/Prometheus/DotNetStats.cs",
    ];

    // Processor time is added up, because a rollout moves it between old and new pods without changing the sum;
    // memory is a mean, because a surge of pods adds memory without anything being wrong.
    public static readonly IReadOnlyList<ProfileGauge> All =
    [
        ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "dotnet_process_cpu_time_seconds_total"),
        ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "process_cpu_time_seconds_total"),
        ProfileGauge.Rate("cpu", "cores", GaugeAggregation.Sum, "process_cpu_seconds_total"),
        ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "dotnet_process_memory_working_set_bytes"),
        ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "process_memory_usage_bytes"),
        ProfileGauge.Level("memory", "bytes", GaugeAggregation.Avg, "process_working_set_bytes"),
        ProfileGauge.Rate("gc", "seconds_per_second", GaugeAggregation.Avg, "dotnet_gc_pause_time_seconds_total"),

        // .NET 9 declares the length of the queue as a counter, so that exporters add _total; it is a level all the same.
        ProfileGauge.Level("thread-pool-queue", "items", GaugeAggregation.Sum, "dotnet_thread_pool_queue_length_total"),
        ProfileGauge.Level("thread-pool-queue", "items", GaugeAggregation.Sum, "dotnet_thread_pool_queue_length"),
        ProfileGauge.Level("thread-pool-queue", "items", GaugeAggregation.Sum, "process_runtime_dotnet_thread_pool_queue_length"),
    ];
}
