namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>What was so at the end of a virtual hour.</summary>
public sealed record SoakHour
{
    /// <summary>Virtual time since the beginning.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Managed memory in use after a full collection, in megabytes.</summary>
    public required double ManagedMegabytes { get; init; }

    /// <summary>Resident memory of the whole process, the drawn samples and the virtual clock with it, in megabytes.</summary>
    public required double ResidentMegabytes { get; init; }

    /// <summary>The store's file and its write-ahead log, in megabytes.</summary>
    public required double StoreMegabytes { get; init; }

    /// <summary>Upgrades in the store.</summary>
    public required int Upgrades { get; init; }

    /// <summary>The largest lag of the hour, as the product's own metric has it, in seconds.</summary>
    public required double LagSeconds { get; init; }

    /// <summary>Processor time of one look with all that follows from it, in milliseconds.</summary>
    public required double LookMilliseconds { get; init; }

    /// <summary>Series on <c>/metrics</c>.</summary>
    public required int Series { get; init; }

    /// <summary>Evaluated SLIs in the hour.</summary>
    public required long Evaluated { get; init; }
}
