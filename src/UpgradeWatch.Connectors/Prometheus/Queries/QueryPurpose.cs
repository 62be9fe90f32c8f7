namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>What a query is asked for.</summary>
public enum QueryPurpose
{
    /// <summary>Instances that are up, that are down, and whether one has started.</summary>
    Instances,

    /// <summary>All events of a signal.</summary>
    All,

    /// <summary>Bad events of a signal.</summary>
    Bad,

    /// <summary>The histogram of a signal: quantiles, traffic and the denominator of the error ratio at once.</summary>
    Buckets,

    /// <summary>A gauge.</summary>
    Gauge,
}
