namespace UpgradeWatch.TestKit.Simulation;

/// <summary>What the new version of a simulated target does wrong.</summary>
public enum SimulatedFault
{
    /// <summary>Nothing: a good version.</summary>
    None,

    /// <summary>More requests fail.</summary>
    Errors,

    /// <summary>Every request is slower.</summary>
    Latency,

    /// <summary>1 % of requests are ten times slower.</summary>
    Tail,

    /// <summary>Half of the traffic or more stays away.</summary>
    Traffic,

    /// <summary>The metrics have other names.</summary>
    Vanish,

    /// <summary>It does not come up.</summary>
    Down,
}
