namespace UpgradeWatch.TestKit.SampleService;

/// <summary>What is wrong with a running <see cref="ShopService"/>. Without values nothing is.</summary>
public sealed record Faults
{
    /// <summary>Nothing wrong.</summary>
    public static readonly Faults None = new();

    /// <summary>Share of requests answered with 500, in [0, 1].</summary>
    public double ErrorRatio { get; init; }

    /// <summary>Every latency is multiplied by it, above 0.</summary>
    public double LatencyFactor { get; init; } = 1;

    /// <summary>Share of requests that are slower by <see cref="TailFactor"/>, in [0, 1].</summary>
    public double TailShare { get; init; }

    /// <summary>How many times slower those are, above 0.</summary>
    public double TailFactor { get; init; } = 10;

    /// <summary>The version measures under other names (<c>web_</c> in front), as after a change of its metrics library.</summary>
    public bool RenamedMetrics { get; init; }
}
