using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>
/// What one exposition file must give. All files tell the same story between two scrapes: 100 requests, 4 of them failed
/// through the service's own fault; 80 took 20 ms, 16 took 200 ms and 4 took 2 s.
/// </summary>
/// <param name="Exposition">File name without its extension.</param>
/// <param name="Profile">The profile that must be chosen.</param>
/// <param name="HasLatency">Whether it shows a histogram.</param>
internal sealed record ProfileCase(string Exposition, string Profile, bool HasLatency = true)
{
    private const double Memory = 104_857_600;

    public static IReadOnlyList<ProfileCase> All { get; } =
    [
        new("aspnetcore", "aspnetcore") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory, ["gc"] = 0.004, ["thread-pool-queue"] = 2 } },
        new("prometheus-net", "prometheus-net") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("opentelemetry-http", "opentelemetry-http") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("opentelemetry-http-older", "opentelemetry-http") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("istio", "istio"),
        new("nginx-ingress", "nginx-ingress") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory, ["connections"] = 5 } },
        new("spring-boot", "spring-boot") { Gauges = SpringBoot },
        new("spring-boot-summary", "spring-boot", HasLatency: false) { Gauges = SpringBoot },
        new("grpc", "grpc") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("grpc-native", "grpc") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("grpc-opentelemetry", "grpc") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("grpc-opentelemetry-newer", "grpc") { Gauges = new() { ["cpu"] = 0.4, ["memory"] = Memory } },
        new("postgresql", "postgresql", HasLatency: false)
        {
            Kind = TargetKind.Database,
            Gauges = new() { ["connections"] = 5, ["deadlocks"] = 1, ["longest-transaction"] = 1.5, ["replication-lag"] = 0 },
        },
    ];

    /// <summary>Kind of the target.</summary>
    public TargetKind Kind { get; init; } = TargetKind.Service;

    /// <summary>The saturation by name; counters as their increase between two scrapes.</summary>
    public Dictionary<string, double> Gauges { get; init; } = [];

    private static Dictionary<string, double> SpringBoot =>
        new() { ["cpu"] = 0.25, ["memory"] = 0.5, ["gc"] = 0.004, ["thread-pool-queue"] = 2, ["connections"] = 5 };

    /// <summary>The target as it would be configured.</summary>
    public TargetOptions Target => new()
    {
        Name = Exposition,
        Kind = Kind,
        Labels = new Dictionary<string, string> { ["job"] = Exposition },
    };
}
