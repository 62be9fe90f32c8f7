using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Offline.Scoring;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>What the product says about a change, at 1 % and at 5 %.</summary>
internal sealed record ProductCase(LabelledChange Change, SeriesResult AtOne, SeriesResult AtFive)
{
    private const double Day = 86400;

    /// <summary>Judges all of them, several at a time.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="historyDays">How much of the time before each is looked at.</param>
    public static ProductCase[] Judge(IReadOnlyList<LabelledChange> changes, double historyDays) => [.. changes
        .AsParallel().AsOrdered()
        .Select(change =>
        {
            var study = new SeriesStudy(change.Series.InputAt(change.ChangeAt) with { HistorySeconds = historyDays * Day });
            return new ProductCase(change, study.Judge(0.01) with { Band = [] }, study.Judge(0.05) with { Band = [] });
        })];

    /// <summary>As it stood after so many minutes.</summary>
    public ScoredCase After(double minutes, double level)
    {
        var result = level < 0.03 ? AtOne : AtFive;
        return new ScoredCase(result.ScoreAfter(60 * minutes), result.IsFlaggedWithin(60 * minutes), Change.IsAbnormal);
    }
}
