using System.CommandLine;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Offline;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch analyze</c>: judges a change in a series of numbers, without a server.</summary>
internal static class AnalyzeVerb
{
    private static readonly string[] Kinds = ["gauge", "ratio", "latency"];
    private static readonly string[] Directions = ["up", "down", "both"];

    public static Command Create(CliContext context, OutputFeature output)
    {
        var input = CliValues.Text("--input", "FILE", "The series as CSV with a header: timestamp,value or timestamp,errors,total or timestamp,<bound>,...,+Inf.");
        var changeAt = CliValues.Time("--change-at", "When the change was, RFC 3339 or Unix seconds: rows from then on are after it.");
        input.Required = changeAt.Required = true;
        var kind = CliValues.Choice("--kind", "What the series is. Default: as its header says", Kinds);
        var direction = CliValues.Choice("--direction", "Which way is bad. Default: both for gauges, up for the others", Directions);
        var plot = CliValues.Text("--plot", "FILE.svg", "Draw the series, what was expected and the change into this file.");
        var verb = new VerbCommand(
            "analyze",
            "Judge a change in a series of numbers, without a server. The exit code is the finding's: pass or warn 0, fail 1, inconclusive 3, pending 5.",
            "upgradewatch analyze --input p99.csv --change-at 2026-05-04T13:37:00Z --direction up",
            "upgradewatch analyze --input errors.csv --change-at 1777901820 --kind ratio --plot errors.svg --output json")
        {
            input, changeAt, kind, direction, plot,
        };
        verb.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(input)!;
            try
            {
                var series = SeriesFile.Read(File.ReadLines(file), file);
                CheckKind(parsed.GetValue(kind), series.Measure, file);
                var at = parsed.GetRequiredValue(changeAt)!.Value;
                var result = SeriesAnalysis.Analyze(InputOf(series, at, parsed.GetValue(direction)));
                if (parsed.GetValue(plot) is { } picture) File.WriteAllText(picture, SeriesPlot.Draw(result, at, Path.GetFileName(file), series.Measure == Measure.Buckets));
                if (output.IsJson(parsed)) context.Out.WriteLine(AnalysisReport.ToJson(file, at, result));
                else AnalysisReport.Write(context.Out, at, result);
                return ExitCodes.Of(result.Finding.Status);
            }
            catch (SeriesFormatException mistake)
            {
                context.Say(mistake.Message);
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                context.Say(trouble.Message);
            }

            return ExitCodes.Usage;
        });
        return verb;
    }

    private static SeriesInput InputOf(SeriesFile series, DateTimeOffset changeAt, string? direction) => new()
    {
        Rows = series.Rows,
        Bounds = series.Bounds,
        Measure = series.Measure,
        ChangeAt = (changeAt - DateTimeOffset.UnixEpoch).TotalSeconds,
        Unit = series.Measure switch { Measure.Ratio => "ratio", Measure.Buckets => "seconds", _ => "" },
        Name = series.Measure switch { Measure.Ratio => "error ratio", Measure.Buckets => "latency", _ => "value" },
        Direction = direction is null
            ? (series.Measure == Measure.Gauge ? Direction.Both : Direction.Up)
            : (Direction)Array.IndexOf(Directions, direction),
    };

    private static void CheckKind(string? kind, Measure measure, string file)
    {
        var found = measure switch { Measure.Ratio => "ratio", Measure.Buckets => "latency", _ => "gauge" };
        if (kind is null || kind == found) return;
        throw new SeriesFormatException($"{file}:1: --kind is {Quoting.Show(kind)}, but the header is that of a {found}; write --kind {found}, or another file");
    }
}
