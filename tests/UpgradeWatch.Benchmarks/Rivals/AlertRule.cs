using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Benchmarks.Rivals;

/// <summary>What many would configure instead: an alert when five minutes are over a multiple of the baseline for 2 min, in steps of 15 s.</summary>
internal static class AlertRule
{
    private const int Window = 20;
    private const int For = 8;

    /// <summary>The 5-minute error ratio over twice that of the baseline.</summary>
    public static int? OnErrors(StepSample[] before, StepSample[] after) => FirstAlarm(before, after, 2, Ratio);

    /// <summary>The 5-minute 99th percentile over so many times that of the baseline.</summary>
    public static int? OnP99(StepSample[] before, StepSample[] after, IReadOnlyList<double> bounds, double factor) =>
        FirstAlarm(before, after, factor, steps => Quantile(steps, bounds));

    private static int? FirstAlarm(StepSample[] before, StepSample[] after, double factor, Func<ArraySegment<StepSample>, double> value)
    {
        var limit = factor * value(before);
        var pending = 0;
        for (var end = 1; end <= after.Length; end++)
        {
            var start = Math.Max(0, end - Window);
            pending = value(new ArraySegment<StepSample>(after, start, end - start)) > limit ? pending + 1 : 0;
            if (pending > For)
                return end;
        }

        return null;
    }

    private static double Ratio(ArraySegment<StepSample> steps)
    {
        var (bad, all) = (0.0, 0.0);
        foreach (var step in steps)
        {
            bad += step.Value;
            all += step.Total;
        }

        return all > 0 ? bad / all : 0;
    }

    private static double Quantile(ArraySegment<StepSample> steps, IReadOnlyList<double> bounds)
    {
        var sums = new double[bounds.Count];
        foreach (var step in steps)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += step.Buckets![i];
        }

        return HistogramQuantile(sums, bounds, 0.99);
    }

    /// <summary>As Prometheus has it: on a straight line inside the bucket.</summary>
    private static double HistogramQuantile(double[] cumulative, IReadOnlyList<double> bounds, double q)
    {
        var rank = q * cumulative[^1];
        var i = Array.FindIndex(cumulative, count => count >= rank);
        if (i == bounds.Count - 1)
            return bounds[^2];

        var (from, below) = i > 0 ? (bounds[i - 1], cumulative[i - 1]) : (0, 0);
        return cumulative[i] > below ? from + (bounds[i] - from) * (rank - below) / (cumulative[i] - below) : from;
    }
}
