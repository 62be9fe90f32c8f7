using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>How cases are judged.</summary>
internal sealed record BacktestPlan
{
    /// <summary>What is configured.</summary>
    public required OfflineSettings Settings { get; init; }

    /// <summary>Seconds before a change that are looked at.</summary>
    public required double HistorySeconds { get; init; }

    /// <summary>Seconds after a change that are looked at.</summary>
    public required double ObservedSeconds { get; init; }

    /// <summary>Whether to judge at the level of <c>warn</c> too.</summary>
    public required bool AtBothLevels { get; init; }

    /// <summary>The level of <c>warn</c>.</summary>
    public double WarnAt => WarnLevel.Of(Settings.FalseAlarmRate);

    /// <summary>Judges the cases, several at a time; the outcomes are in the order of the cases.</summary>
    public CaseOutcome[] Run(IReadOnlyList<BacktestCase> cases, ProgressBar progress, CancellationToken cancellationToken)
    {
        var outcomes = new CaseOutcome[cases.Count];
        Parallel.For(0, cases.Count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            outcomes[index] = Judge(cases[index]);
            progress.Advance();
        });
        return outcomes;
    }

    private CaseOutcome Judge(BacktestCase one)
    {
        try
        {
            var series = SeriesFile.Read(File.ReadLines(one.Path), one.Path).Require(one.Measure, "kind", one.Path);
            var input = OfflineSettings.Apply(series.InputOf(one.ChangeAt, one.Direction), one.Sli) with
            {
                TimeZone = Settings.TimeZone,
                HistorySeconds = HistorySeconds,
                ObservedSeconds = ObservedSeconds,
            };
            var study = new SeriesStudy(input);
            var result = study.Judge(Settings.FalseAlarmRate);
            // The plot's points are most of the memory, and nobody draws them here.
            return new CaseOutcome(one, result with { Band = [] }, AtBothLevels ? study.Judge(WarnAt) with { Band = [] } : null, null);
        }
        catch (SeriesFormatException mistake)
        {
            return new CaseOutcome(one, null, null, mistake.Message);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new CaseOutcome(one, null, null, $"{one.Path} cannot be read: {trouble.Message}");
        }
    }
}
