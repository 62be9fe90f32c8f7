using UpgradeWatch.Analysis.Offline.Scoring;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>
/// Labelled changes of real series: how well they are told apart, with no threshold taken from the labels but that of
/// the best F1, beside what others do with the same numbers; and the same sooner, and with less history.
/// </summary>
internal static class ChangesTable
{
    private const double WholeWindow = 120;
    private const double WholeHistory = 7;
    private static readonly double[] Minutes = [5, 15, 30, 60, WholeWindow];
    private static readonly (string Name, double Days)[] Histories = [("1 h", 1 / 24.0), ("6 h", 0.25), ("1 d", 1), ("3 d", 3), ("7 d", WholeHistory)];

    public static void Print(TextWriter output, DataFolder data)
    {
        var changes = data.Changes;
        output.WriteLine($"Changes: {changes.Count} real ones, {changes.Count(change => change.IsAbnormal)} erroneous; 120 min watched, up to 7 d of history");
        output.WriteLine("[95 % interval: bootstrap over pairs of cases]");
        WriteHeadings(output, "method");
        var product = ProductCase.Judge(changes, WholeHistory);
        WriteRow(output, "UpgradeWatch", changes, (index, level) => product[index].After(WholeWindow, level));
        var windows = changes.Select(change => Window.Of(change, WholeWindow)).ToArray();
        WriteRow(output, "Mann-Whitney (Kayenta)", changes, (index, level) => SimpleMethods.MannWhitney(windows[index], level, changes[index].IsAbnormal));
        WriteRow(output, "mean ratio over 25 %", changes, (index, _) => SimpleMethods.MeanRatio(windows[index], changes[index].IsAbnormal));
        WriteRow(output, "alert rule, twice for 2 min", changes, (index, _) => SimpleMethods.AlertRule(windows[index], changes[index].IsAbnormal));
        WriteDelays(output, product);
        output.WriteLine();

        WriteHeadings(output, "UpgradeWatch after");
        foreach (var minutes in Minutes) WriteRow(output, $"{minutes} min", changes, (index, level) => product[index].After(minutes, level));
        output.WriteLine();
        WriteHeadings(output, "UpgradeWatch with history");
        foreach (var (name, days) in Histories)
        {
            var judged = days == WholeHistory ? product : ProductCase.Judge(changes, days);
            WriteRow(output, name, changes, (index, level) => judged[index].After(WholeWindow, level));
        }

        output.WriteLine();
    }

    /// <summary>How soon, from the change and from when anything shows: the first value five spreads off the hour before.</summary>
    private static void WriteDelays(TextWriter output, ProductCase[] product)
    {
        ProductCase[] found = [.. product.Where(one => one is { Change.IsAbnormal: true, AtOne.FirstFlagged: not null })];
        if (found.Length == 0) return;
        var flagged = Median(found.Select(one => (one.AtOne.FirstFlagged!.Value - one.Change.ChangeAt) / 60));
        var shows = Median(product.Where(one => one.Change.IsAbnormal).Select(one => one.Change.MinutesUntilItShows()).OfType<double>());
        output.WriteLine($"half of what UpgradeWatch finds at 1 % is found within {flagged:0.0} min; half of the erroneous changes show a value five spreads off within {shows:0.0} min");

        static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;
    }

    private static void WriteHeadings(TextWriter output, string first) =>
        output.WriteLine($"{first,-28}AUC                best F1            1 %: prec.  recall             false alarms        F1   5 %: prec. recall false    F1");

    private static void WriteRow(TextWriter output, string name, IReadOnlyList<LabelledChange> changes, Func<int, double, ScoredCase> judge)
    {
        (ScoredCase Case, int Pair)[] cases = [.. changes.Select((change, index) => (judge(index, 0.01), change.Pair))];
        var strict = Detection.Of([.. cases.Select(entry => entry.Case)]);
        var loose = Detection.Of([.. changes.Select((_, index) => judge(index, 0.05))]);
        output.WriteLine(
            $"{name,-28}{With(d => d.Auc),-19}{With(d => d.BestF1),-19}{strict.Precision,10:0.000}  {With(d => d.Recall),-19}{With(d => d.FalseAlarms),-19}{strict.F1,5:0.000}"
            + $"{loose.Precision,12:0.000}{loose.Recall,7:0.000}{loose.FalseAlarms,7:0.000}{loose.F1,7:0.000}");

        string With(Func<Detection, double> number)
        {
            var (lower, upper) = Bootstrap.Interval(cases, number);
            return $"{number(strict):0.000} [{lower:0.00}, {upper:0.00}]";
        }
    }
}
