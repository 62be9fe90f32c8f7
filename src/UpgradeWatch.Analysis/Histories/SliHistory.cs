namespace UpgradeWatch.Analysis.Histories;

/// <summary>What the time before its baseline window says about an SLI: how it varies when nothing is upgraded.</summary>
public sealed record SliHistory
{
    /// <summary>Events and what they are events of, for ratios and traffic: how much more than by chance they vary; null for none.</summary>
    public EventSeries? Events { get; init; }

    /// <summary>
    /// How many times larger than in the baseline window a latency is expected to be in each minute after the upgrade,
    /// because of the time of day; minutes that are missing or NaN count as 1. Null for none.
    /// </summary>
    public MinuteSeries? Growth { get; init; }

    /// <summary>What the series is expected to do, and how far it strays when nothing is upgraded; null for none.</summary>
    public SeriesReference? Reference { get; init; }
}

/// <summary>Events step by step, gaps left out.</summary>
/// <param name="StepSeconds">Length of a step in seconds.</param>
/// <param name="Events">Bad events of a ratio, or requests for traffic.</param>
/// <param name="Exposures">All events of a ratio, or 1 for traffic.</param>
public sealed record EventSeries(double StepSeconds, float[] Events, float[] Exposures);
