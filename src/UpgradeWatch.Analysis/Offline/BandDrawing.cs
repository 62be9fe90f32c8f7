using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Histories;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>What a plot shows of a series: the time around the change, with what was expected.</summary>
internal static class BandDrawing
{
    /// <summary>As much from before the change is shown as from after it, and at least this.</summary>
    private const double LeastSeconds = 3600;

    private const double LeastSteps = 60;

    /// <summary>Nine of ten placebos stay within what is called expected.</summary>
    private const double ExpectedChance = 0.1;

    public static IReadOnlyList<BandPoint> Draw(SeriesInput input, IReadOnlyList<GridRow> rows, Timeline timeline, SliOutcome outcome, double alpha)
    {
        var q = Quantile(outcome);
        var shown = Math.Max(Math.Max(LeastSteps, LeastSeconds / timeline.StepSeconds), rows.Count == 0 ? 0 : rows[^1].Index);
        return [.. rows.Where(row => row.Index >= -shown).Select(row =>
        {
            var minute = timeline.FirstMinute + Minutes.MinuteOf(row.Index, timeline);
            var point = new BandPoint(row.Row.Timestamp, Value(row.Row, input, timeline.StepSeconds, q), double.NaN, double.NaN, double.NaN, double.NaN, row.Index >= 0);
            return outcome.Run.History?.Reference is { } reference ? WithReference(point, reference, outcome.Run.Spec.Direction, minute, alpha)
                : point with { Lower = outcome.Finding.ExpectedLower ?? double.NaN, Upper = outcome.Finding.ExpectedUpper ?? double.NaN };
        })];
    }

    /// <summary>With a reference the expectation moves with the time of day; only the bad side of it is a matter of chance.</summary>
    private static BandPoint WithReference(in BandPoint point, SeriesReference reference, Direction direction, long minute, double alpha)
    {
        var expected = reference.ExpectedAt(minute);
        var usual = reference.WidthAt(minute, ExpectedChance);
        var rare = reference.WidthAt(minute, Math.Min(alpha, ExpectedChance));
        var (down, up) = (direction == Direction.Up ? 0 : 1, direction == Direction.Down ? 0 : 1);
        return point with
        {
            Lower = expected - down * usual,
            Upper = expected + up * usual,
            PlaceboLower = expected - down * rare,
            PlaceboUpper = expected + up * rare,
        };
    }

    /// <summary>The quantile whose value over the last steps the finding shows; that is how a plot of a histogram fits its finding.</summary>
    private static double Quantile(SliOutcome outcome)
    {
        var subject = outcome.Judge.Measurement.Draw(outcome.Finding.Status is FindingStatus.Fail or FindingStatus.Warn).Subject;
        return subject.StartsWith("p50 ", StringComparison.Ordinal) ? 0.5
            : subject.StartsWith("p99 ", StringComparison.Ordinal) ? 0.99
            : 0.95;
    }

    private static double Value(in SeriesRow row, SeriesInput input, double stepSeconds, double q) => input.Measure switch
    {
        Measure.Ratio => row.Value / row.Total,
        Measure.Count => row.Total / stepSeconds,
        Measure.Buckets => row.Buckets is { } buckets ? Quantiles.At(buckets, input.Bounds, q) : double.NaN,
        _ => row.Value,
    };
}
