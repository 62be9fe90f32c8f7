using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histograms;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Takes one SLI's numbers out of the blocks that a source delivers, and says what the SLI is to the judge.</summary>
internal static class SliReader
{
    /// <summary>How an SLI is judged.</summary>
    public static Measure MeasureOf(SliDefinition sli) => sli.Part switch
    {
        SignalPart.Errors => Measure.Ratio,
        SignalPart.Traffic => Measure.Count,
        SignalPart.Distribution => Measure.Buckets,
        _ => Measure.Gauge,
    };

    /// <summary>The SLI as the judge sees it.</summary>
    public static SliSpec SpecOf(SliDefinition sli, double stepSeconds, AlarmLevels levels, IReadOnlyList<double> bounds) => new()
    {
        Name = sli.Name,
        Measure = MeasureOf(sli),
        Unit = sli.Unit,
        Direction = sli.Direction,
        Tolerance = sli.Tolerance,
        Critical = sli.Critical,
        UpperLimit = sli.Direction != Direction.Down ? sli.AbsoluteLimit : null,
        LowerLimit = sli.Direction == Direction.Down ? sli.AbsoluteLimit : null,
        Alpha = levels.Count,
        WarnAlpha = levels.CountWarn,
        SeriesAlpha = levels.Series,
        SeriesWarnAlpha = levels.SeriesWarn,
        StepSeconds = stepSeconds,
        IsQuantile = sli.Part == SignalPart.Quantile,
        Bounds = bounds,
    };

    /// <summary>One step of an SLI. A signal that is missing or failed is a gap.</summary>
    /// <param name="sli">The SLI.</param>
    /// <param name="block">The steps.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="state">What is known about it.</param>
    /// <param name="bounds">The bounds that a histogram's counts are wanted for; null for its own.</param>
    public static StepSample Sample(SliDefinition sli, StepBlock block, int index, StepState state, IReadOnlyList<double>? bounds = null)
    {
        var step = block.FirstStep + index;
        if (!block.Signals.TryGetValue(sli.Signal, out var signal) || signal.Failure is not null) return new StepSample(step, state, double.NaN, double.NaN);
        return sli.Part switch
        {
            SignalPart.Errors => new StepSample(step, state, At(signal.Bad, index), At(signal.All, index)),
            SignalPart.Traffic => new StepSample(step, state, double.NaN, At(signal.All, index)),
            SignalPart.Distribution => Distribution(signal, index, step, state, bounds),
            SignalPart.Quantile => QuantileOf(signal, index, step, state, sli.Quantile!.Value),
            _ => new StepSample(step, state, At(signal.Values, index), double.NaN),
        };
    }

    /// <summary>The value of one step in the SLI's unit, for plots; null for a gap.</summary>
    public static double? Value(SliDefinition sli, StepBlock block, int index)
    {
        var sample = sli.Part == SignalPart.Distribution
            ? Sample(sli with { Part = SignalPart.Quantile, Quantile = 0.95 }, block, index, StepState.None)
            : Sample(sli, block, index, StepState.None);
        var value = sli.Part switch
        {
            SignalPart.Errors => sample.Value / sample.Total,
            SignalPart.Traffic => block.Signals.GetValueOrDefault(sli.Signal)?.PerSecond is { } rates ? rates[index] : sample.Total / block.StepSeconds,
            _ => sample.Value,
        };
        return double.IsFinite(value) ? value : null;
    }

    /// <summary>A finding with what the SLI is. An SLI that is not critical can only warn.</summary>
    public static Finding Describe(SliDefinition sli, SliFinding result) => new()
    {
        Sli = sli.Name,
        Kind = sli.Kind,
        Direction = sli.Direction,
        Critical = sli.Critical,
        Unit = sli.Unit,
        Result = !sli.Critical && result.Status == FindingStatus.Fail ? result with { Status = FindingStatus.Warn } : result,
    };

    private static StepSample Distribution(SignalSteps signal, int index, long step, StepState state, IReadOnlyList<double>? bounds)
    {
        var column = Column(signal, index);
        if (column is null || column.Any(double.IsNaN)) return new StepSample(step, state, double.NaN, double.NaN);
        var wanted = bounds is null || bounds.SequenceEqual(signal.Bounds) ? column : BucketBounds.Project(column, signal.Bounds, bounds);
        return new StepSample(step, state, double.NaN, column[^1], wanted);
    }

    private static double At(double[]? values, int index) => values is null ? double.NaN : values[index];

    /// <summary>The cumulative counts of one step by bound; null when there is no histogram.</summary>
    public static double[]? Column(SignalSteps signal, int index)
    {
        if (signal.Buckets is not { Length: > 0 } buckets) return null;
        var column = new double[buckets.Length];
        for (var bound = 0; bound < column.Length; bound++) column[bound] = buckets[bound][index];
        return column;
    }

    // Without requests there is no quantile, and yet nothing is missing.
    private static StepSample QuantileOf(SignalSteps signal, int index, long step, StepState state, double quantile) =>
        Column(signal, index) is { } column
            ? new StepSample(step, column[^1] == 0 ? state | StepState.Idle : state, Quantiles.At(column, signal.Bounds, quantile), double.NaN)
            : new StepSample(step, state, double.NaN, double.NaN);
}
