using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Analysis.Offline.Scoring;
using UpgradeWatch.Cli.Output;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>How well cases whose labels are known were told apart, after some minutes and at the end.</summary>
internal sealed class ScoreTable
{
    private static readonly double[] Minutes = [5, 15, 30, 60];

    private readonly (SeriesResult? Result, SeriesResult? AtWarnLevel, bool IsAbnormal)[] _cases;
    private readonly double[] _minutes;
    private readonly double[] _levels;

    public ScoreTable(IEnumerable<CaseOutcome> outcomes, IReadOnlyDictionary<string, bool> labels, BacktestPlan plan)
    {
        _cases = [.. outcomes.Where(outcome => labels.ContainsKey(outcome.Case.Name)).Select(outcome => (outcome.Result, outcome.AtWarnLevel, labels[outcome.Case.Name]))];
        var end = plan.ObservedSeconds / 60;
        _minutes = [.. Minutes.Where(minutes => minutes < end), end];
        _levels = [plan.Settings.FalseAlarmRate, plan.WarnAt];
    }

    /// <summary>As text for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{_cases.Length} labelled cases, {_cases.Count(one => one.IsAbnormal)} of them abnormal; no threshold is taken from the labels but that of the best F1");
        var headings = _levels.SelectMany(level => new[] { $"{Percent(level)}: PRECISION", "RECALL", "F1", "FALSE ALARMS" });
        var table = new Table(["AFTER", "AUC", "BEST F1", .. headings]);
        foreach (var minutes in _minutes)
        {
            var (strict, loose) = At(minutes);
            table.Add([Shown.Duration(TimeSpan.FromMinutes(minutes)), Digits(strict.Auc), Digits(strict.BestF1), .. Cells(strict), .. Cells(loose)]);
        }

        table.Write(output, "  ");
        output.WriteLine(MedianMinutes is { } median
            ? $"  half of what is found at {Percent(_levels[0])} is found within {Shown.Number(median)} min"
            : $"  nothing is found at {Percent(_levels[0])}");
    }

    /// <summary>As JSON; what cannot be divided is null.</summary>
    public JsonObject ToJson() => new()
    {
        ["cases"] = _cases.Length,
        ["abnormal"] = _cases.Count(one => one.IsAbnormal),
        ["medianMinutesToFlag"] = MedianMinutes,
        ["after"] = new JsonArray([.. _minutes.Select(minutes =>
        {
            var (strict, loose) = At(minutes);
            return (JsonNode)new JsonObject
            {
                ["minutes"] = minutes,
                ["auc"] = Known(strict.Auc),
                ["bestF1"] = Known(strict.BestF1),
                ["levels"] = new JsonArray(ToJson(_levels[0], strict), ToJson(_levels[1], loose)),
            };
        })]),
    };

    private double? MedianMinutes
    {
        get
        {
            double[] found = [.. _cases.Where(one => one is { IsAbnormal: true, Result.FirstFlagged: not null })
                .Select(one => (one.Result!.FirstFlagged!.Value - one.Result.ChangeAt) / 60).Order()];
            return found.Length == 0 ? null : (found[(found.Length - 1) / 2] + found[found.Length / 2]) / 2;
        }
    }

    private (Detection Strict, Detection Loose) At(double minutes) => (
        Detection.Of([.. _cases.Select(one => Score(one.Result, minutes, one.IsAbnormal))]),
        Detection.Of([.. _cases.Select(one => Score(one.AtWarnLevel, minutes, one.IsAbnormal))]));

    private static ScoredCase Score(SeriesResult? result, double minutes, bool isAbnormal) =>
        new(result?.ScoreAfter(60 * minutes) ?? 0, result?.IsFlaggedWithin(60 * minutes) ?? false, isAbnormal);

    private static JsonNode ToJson(double level, Detection detection) => new JsonObject
    {
        ["falseAlarmRate"] = level,
        ["precision"] = Known(detection.Precision),
        ["recall"] = Known(detection.Recall),
        ["f1"] = Known(detection.F1),
        ["falseAlarms"] = Known(detection.FalseAlarms),
    };

    private static string?[] Cells(Detection detection) =>
        [Digits(detection.Precision), Digits(detection.Recall), Digits(detection.F1), Digits(detection.FalseAlarms)];

    private static double? Known(double value) => double.IsFinite(value) ? Math.Round(value, 6) : null;

    private static string? Digits(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : null;

    private static string Percent(double level) => string.Create(CultureInfo.InvariantCulture, $"{100 * level:0.##} %");
}
