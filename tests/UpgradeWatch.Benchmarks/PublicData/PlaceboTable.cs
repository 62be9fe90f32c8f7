using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>Pretended upgrades inside histories in which nothing was changed: how many are flagged all the same.</summary>
internal static class PlaceboTable
{
    private const double LeastHistory = 1.9 * 86400;
    private const double Observed = 7200;
    private const int PerChange = 12;
    private const int PerMicroservice = 24;

    public static void Print(TextWriter output, DataFolder data)
    {
        output.WriteLine("A/A: pretended upgrades inside histories, 120 min watched, between 1.9 and 7 d of history");
        output.WriteLine("series          upgrades   p < .01   p < .05   fail at 1 %   fail at 5 %");
        Write(output, "changes", [.. data.Changes.SelectMany(change => Moments(change.Series, change.ChangeAt, PerChange).Select(at => change.Series.InputAt(at)))]);
        if (data.Microservice.Count > 0)
            Write(output, "microservice", [.. data.Microservice.SelectMany(series => Moments(series, series.End, PerMicroservice).Select(at => series.InputAt(at)))]);
        output.WriteLine();
    }

    /// <summary>So many moments, evenly from where there is history enough to where a whole window still fits; half a minute off the rows.</summary>
    private static IEnumerable<double> Moments(RealSeries series, double end, int count)
    {
        var first = series.Begin + LeastHistory;
        var room = end - Observed - first;
        return room <= 0 ? [] : Enumerable.Range(0, count).Select(index => Math.Floor((first + room * index / count) / 60) * 60 + 30);
    }

    private static void Write(TextWriter output, string name, SeriesInput[] inputs)
    {
        var results = inputs.AsParallel().Select(input =>
        {
            var study = new SeriesStudy(input);
            var (one, five) = (study.Judge(0.01), study.Judge(0.05));
            return (P: one.Finding.PValue ?? 1, One: one.FirstFlagged is not null, Five: five.FirstFlagged is not null);
        }).ToArray();
        output.WriteLine($"{name,-14}{results.Length,10}{Share(result => result.P < 0.01),10}{Share(result => result.P < 0.05),10}{Share(result => result.One),14}{Share(result => result.Five),14}");

        string Share(Func<(double P, bool One, bool Five), bool> holds) => $"{results.Count(holds) / (double)results.Length:0.0000}";
    }
}
