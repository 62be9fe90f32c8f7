namespace UpgradeWatch.Engine.Options;

/// <summary>What an SLI measures.</summary>
public enum SliKind
{
    /// <summary>Bad events over all events.</summary>
    Ratio,

    /// <summary>A histogram or a quantile of it.</summary>
    Latency,

    /// <summary>One number.</summary>
    Gauge,

    /// <summary>Error lines.</summary>
    Logs,
}
