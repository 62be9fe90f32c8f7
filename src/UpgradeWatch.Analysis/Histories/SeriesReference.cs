namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// What a series is expected to do after an upgrade, and how far it strays from that after moments at which nothing was
/// upgraded (placebos). Made once, when the baseline is frozen; <see cref="State"/> is all there is to store.
/// </summary>
public sealed class SeriesReference
{
    private SeriesReference(ReferenceState state) => State = state;

    /// <summary>All of it, to be stored and given to <see cref="Restore"/>.</summary>
    public ReferenceState State { get; }

    /// <summary>Makes it from the history before the upgrade; null when there is too little (under 40 minutes with values).</summary>
    /// <param name="history">The series; what is at or after the upgrade is not looked at.</param>
    /// <param name="upgradedAt">The first minute after the upgrade.</param>
    /// <param name="options">How.</param>
    public static SeriesReference? Create(MinuteSeries history, long upgradedAt, ReferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(options);
        return null;
    }

    /// <summary>Makes it again from what was stored.</summary>
    public static SeriesReference Restore(ReferenceState state) => new(state);
}

/// <summary>A reference as it is stored: plain numbers.</summary>
public sealed record ReferenceState
{
    /// <summary>The first minute after the upgrade.</summary>
    public required long UpgradedAt { get; init; }
}
