namespace UpgradeWatch.Analysis.Histories;

/// <summary>Judges the series of one upgrade together, so that many of them do not mean many false alarms.</summary>
public static class SeriesFamily
{
    /// <summary>
    /// By how much larger the score of a moment is that a reference has never seen than that of a placebo it was made
    /// from. Found with moments of public series at which nothing was upgraded, put together at random.
    /// </summary>
    private const double Unseen = 1.15;

    /// <summary>
    /// Gives every reference the largest score that any of them had at each placebo: a finding is then as rare as a
    /// stray that far of any SLI (the max-T of Westfall and Young, Resampling-Based Multiple Testing, 1993). A series
    /// alone keeps its own chance.
    /// </summary>
    /// <returns>The references in the order given.</returns>
    public static IReadOnlyList<SeriesReference> Join(IReadOnlyList<SeriesReference> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count < 2)
            return references;

        var largest = new SortedDictionary<long, double>();
        foreach (var reference in references)
        {
            for (var p = 0; p < reference.Placebos; p++)
            {
                // Histories may be of unequal length; placebos are told by the quarter of an hour they lie in.
                var moment = reference.State.Moments[p] / 15;
                var score = Unseen * reference.State.Scores[p];
                if (!largest.TryGetValue(moment, out var known) || score > known)
                    largest[moment] = score;
            }
        }

        double[] scores = [.. largest.Values];
        return [.. references.Select(reference => reference.With(scores))];
    }
}
