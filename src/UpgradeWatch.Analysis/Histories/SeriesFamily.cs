namespace UpgradeWatch.Analysis.Histories;

/// <summary>Judges the series of one upgrade together, so that many of them do not mean many false alarms.</summary>
public static class SeriesFamily
{
    /// <summary>
    /// By how much larger the score of a moment is that a reference has never seen than that of a placebo it was made
    /// from. Found with moments of public series at which nothing was upgraded, put together at random.
    /// </summary>
    private const double Unseen = 1.15;

    /// <summary>A moment counts where nearly all of the SLIs have it: the largest of few is no measure for the largest of many.</summary>
    private const double LeastShare = 0.9;

    private const int FewestMoments = 8;

    /// <summary>
    /// Gives every reference the largest score that any of them had at each placebo: a finding is then as rare as a
    /// stray that far of any SLI (the max-T of Westfall and Young, Resampling-Based Multiple Testing, 1993). A series
    /// alone keeps its own chance; where the histories have too few moments in common, chances are multiplied by the
    /// number of series (Bonferroni).
    /// </summary>
    /// <returns>The references in the order given.</returns>
    public static IReadOnlyList<SeriesReference> Join(IReadOnlyList<SeriesReference> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count < 2)
            return references;

        var largest = new SortedDictionary<long, (double Score, int Members)>();
        foreach (var reference in references)
        {
            for (var p = 0; p < reference.Placebos; p++)
            {
                // Placebos are told by the quarter of an hour they lie in.
                var moment = reference.State.Moments[p] / 15;
                var known = largest.GetValueOrDefault(moment);
                largest[moment] = (Math.Max(known.Score, Unseen * reference.State.Scores[p]), known.Members + 1);
            }
        }

        double[] scores = [.. largest.Values.Where(moment => moment.Members >= LeastShare * references.Count).Select(moment => moment.Score)];
        return [.. references.Select(reference => reference.With(scores.Length < FewestMoments ? null : scores, references.Count))];
    }
}
