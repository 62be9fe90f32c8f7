namespace UpgradeWatch.Analysis.Offline.Scoring;

/// <summary>How well cases of which it is known what they were have been told apart. NaN where there is nothing to divide by.</summary>
public sealed record Detection
{
    /// <summary>
    /// Share of the pairs of an abnormal and a normal case in which the abnormal one has the larger score; ties count
    /// half (the area under the ROC curve, by the Mann-Whitney statistic).
    /// </summary>
    public required double Auc { get; init; }

    /// <summary>The largest F1 that any threshold on the score gives: chosen with the labels, so never to be expected elsewhere.</summary>
    public required double BestF1 { get; init; }

    /// <summary>Share of the flagged cases that were abnormal.</summary>
    public required double Precision { get; init; }

    /// <summary>Share of the abnormal cases that were flagged.</summary>
    public required double Recall { get; init; }

    /// <summary>Harmonic mean of precision and recall; 0 when nothing abnormal was flagged.</summary>
    public required double F1 { get; init; }

    /// <summary>Share of the normal cases that were flagged.</summary>
    public required double FalseAlarms { get; init; }

    /// <summary>Scores cases.</summary>
    public static Detection Of(IReadOnlyCollection<ScoredCase> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        double abnormal = cases.Count(one => one.IsAbnormal);
        double found = cases.Count(one => one is { IsAbnormal: true, IsFlagged: true });
        double wrong = cases.Count(one => one is { IsAbnormal: false, IsFlagged: true });
        return new Detection
        {
            Auc = AreaOf(cases),
            BestF1 = BestOf(cases),
            Precision = found / (found + wrong),
            Recall = found / abnormal,
            F1 = HarmonicMean(found, wrong, abnormal),
            FalseAlarms = wrong / (cases.Count - abnormal),
        };
    }

    private static double AreaOf(IEnumerable<ScoredCase> cases)
    {
        var (below, pairs, abnormal) = (0.0, 0.0, 0.0);
        foreach (var tied in cases.GroupBy(one => one.Score).OrderBy(group => group.Key))
        {
            double bad = tied.Count(one => one.IsAbnormal);
            double good = tied.Count() - bad;
            pairs += bad * (below + good / 2);
            below += good;
            abnormal += bad;
        }

        return pairs / (below * abnormal);
    }

    private static double BestOf(IReadOnlyCollection<ScoredCase> cases)
    {
        double abnormal = cases.Count(one => one.IsAbnormal);
        var (found, wrong, best) = (0.0, 0.0, double.NaN);
        foreach (var tied in cases.GroupBy(one => one.Score).OrderByDescending(group => group.Key))
        {
            double bad = tied.Count(one => one.IsAbnormal);
            found += bad;
            wrong += tied.Count() - bad;
            var value = HarmonicMean(found, wrong, abnormal);
            best = best > value ? best : value;
        }

        return best;
    }

    private static double HarmonicMean(double found, double wrong, double abnormal) => 2 * found / (found + wrong + abnormal);
}
