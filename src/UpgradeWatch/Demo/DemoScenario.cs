namespace UpgradeWatch.Demo;

/// <summary>What the new version of the demo's service does wrong.</summary>
internal enum DemoFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>5 % of requests fail.</summary>
    Errors,

    /// <summary>Every request takes half as long again.</summary>
    Latency,

    /// <summary>3 % of requests take ten times as long.</summary>
    LatencyTail,

    /// <summary>Half of the load stays away.</summary>
    TrafficDrop,

    /// <summary>The metrics have other names.</summary>
    MetricsVanish,
}

/// <summary>A version of the demo's service.</summary>
/// <param name="Version">What it says of itself.</param>
/// <param name="Fault">What it does wrong.</param>
internal sealed record DemoRelease(string Version, DemoFault Fault)
{
    /// <summary>The version before the upgrade.</summary>
    public const string OldVersion = "1.4.2";

    /// <summary>Requests a second that its users send it.</summary>
    public double RequestsPerSecond => Fault == DemoFault.TrafficDrop ? UsualRequestsPerSecond / 2 : UsualRequestsPerSecond;

    /// <summary>Requests a second while nothing keeps users away.</summary>
    public const double UsualRequestsPerSecond = 120;
}

/// <summary>The demo's scenarios by the names of the command line.</summary>
internal static class DemoScenario
{
    private static readonly (string Name, DemoFault Fault)[] All =
    [
        ("good", DemoFault.None),
        ("errors", DemoFault.Errors),
        ("latency", DemoFault.Latency),
        ("latency-tail", DemoFault.LatencyTail),
        ("traffic-drop", DemoFault.TrafficDrop),
        ("metrics-vanish", DemoFault.MetricsVanish),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(s => s.Name)];

    /// <summary>The fault of a scenario; null when there is none of that name.</summary>
    public static DemoFault? Find(string name)
    {
        foreach (var scenario in All)
        {
            if (scenario.Name == name) return scenario.Fault;
        }

        return null;
    }
}
