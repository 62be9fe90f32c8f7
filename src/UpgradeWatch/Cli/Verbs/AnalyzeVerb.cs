using System.CommandLine;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Offline;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Plots;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch analyze</c>: judges a change in a series of numbers, without a server.</summary>
internal static class AnalyzeVerb
{
    public static Command Create(CliContext context, OutputFeature output)
    {
        var input = CliValues.Text("--input", "FILE", "The series as CSV with a header: timestamp,value or timestamp,errors,total or timestamp,<bound>,...,+Inf.");
        var changeAt = CliValues.Time("--change-at", "When the change was, RFC 3339 or Unix seconds: rows from then on are after it.");
        input.Required = changeAt.Required = true;
        var kind = CliValues.Choice("--kind", "What the series is. Default: as its header says", Words.Kinds);
        var direction = CliValues.Choice("--direction", "Which way is bad. Default: both for gauges, up for the others", Words.Directions);
        var sli = CliValues.Text("--sli", "NAME", "The SLI of the configuration that the series is of, as NAME or TARGET/NAME: then its tolerance, absoluteLimit and unit hold.");
        var plot = CliValues.Text("--plot", "FILE.svg", "Draw the series, what was expected and the change into this file.");
        var window = new OfflineFeature();
        var verb = new VerbCommand(
            "analyze",
            "Judge a change in a series of numbers, without a server. The exit code is the finding's: pass or warn 0, fail 1, inconclusive 3, pending 5.",
            "upgradewatch analyze --input p99.csv --change-at 2026-05-04T13:37:00Z --direction up",
            "upgradewatch analyze --input errors.csv --change-at 1777901820 --kind ratio --plot errors.svg --output json")
        {
            input, changeAt, kind, direction, sli, plot,
        };
        window.AddTo(verb);
        verb.SetAction(parsed => OfflineFeature.Guard(context, () =>
        {
            if (window.Load(parsed, context) is not { } settings) return ExitCodes.Usage;
            var file = parsed.GetRequiredValue(input)!;
            var series = SeriesFile.Read(File.ReadLines(file), file).Require(Words.MeasureOf(parsed.GetValue(kind)), "--kind", file);
            var at = parsed.GetRequiredValue(changeAt)!.Value;
            var asked = OfflineSettings.Apply(
                series.InputOf((at - DateTimeOffset.UnixEpoch).TotalSeconds, Words.DirectionOf(parsed.GetValue(direction), series.Measure)),
                Find(settings, parsed.GetValue(sli))) with
            {
                Alpha = settings.FalseAlarmRate,
                TimeZone = settings.TimeZone,
                HistorySeconds = window.History(parsed),
                ObservedSeconds = window.Observe(parsed),
            };
            var result = SeriesAnalysis.Analyze(asked);
            if (parsed.GetValue(plot) is { } picture) File.WriteAllText(picture, SvgPlot.Document(AnalysisPlot.Of(result, asked.Unit, Path.GetFileName(file))));
            if (output.IsJson(parsed)) context.Out.WriteLine(AnalysisReport.ToJson(file, at, result));
            else AnalysisReport.Write(context.Out, at, asked.Unit, result);
            return ExitCodes.Of(result.Finding.Status);
        }));
        return verb;
    }

    private static Engine.Options.SliOptions? Find(OfflineSettings settings, string? name)
    {
        if (name is null) return null;
        return settings.TryFind(name, out var sli, out var right) ? sli : throw new SeriesFormatException($"--sli is {Quoting.Show(name)}; {right}");
    }
}
