using System.Globalization;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Measurements;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Sentences;

/// <summary>The sentences of one SLI at one moment, for people who know their service and no statistics.</summary>
internal sealed class Wording(SliSpec spec, Moment moment, bool isSeries = false)
{
    /// <summary>The SLI.</summary>
    public SliSpec Spec => spec;

    /// <summary>", since 14:07 (5 min after the upgrade)", in UTC; nothing for null.</summary>
    public string Since(long? step, string comma = ",")
    {
        if (step is not { } index)
            return "";

        var start = StartOf(index);
        var after = start - moment.UpgradedAt;
        var clock = start.ToString(spec.StepSeconds < 5 ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
        var day = after >= TimeSpan.FromDays(1) ? start.ToString("yyyy-MM-dd ", CultureInfo.InvariantCulture) : "";
        var distance = after < TimeSpan.FromSeconds(1) ? "right after the upgrade" : $"{Units.Duration(after)} after the upgrade";
        return $"{comma} since {day}{clock} ({distance})";
    }

    /// <summary>The beginning of a step.</summary>
    public DateTimeOffset StartOf(long step) => StepTime.EndOf(step - 1, spec.StepSeconds);

    /// <summary>"p99 latency is 412 ms, 2.3 times the 180 ms before".</summary>
    public string Comparison(in Picture picture)
    {
        var current = $"{picture.Subject} is {Format(picture.Current)}";
        if (!double.IsFinite(picture.Baseline))
            return current;

        // With a history it is held against what is usual at this time, and not against what was just before.
        var known = isSeries ? $"usual {Format(picture.Baseline)}" : $"{Format(picture.Baseline)} before";
        var ratio = picture.Current / picture.Baseline;
        return ratio switch
        {
            _ when picture.Baseline == 0 && picture.Current != 0 => isSeries ? $"{current}, where {Format(0)} is usual" : $"{current}, where it was {known}",
            >= 1.995 => $"{current}, {Units.Round(ratio, 2)} times the {known}",
            >= 1.005 => $"{current}, {Units.Round(100 * (ratio - 1), 2)} % above the {known}",
            > 0.995 => isSeries ? $"{current}, as usual" : $"{current}, as before",
            >= 0 => $"{current}, {Units.Round(100 * (1 - ratio), 2)} % below the {known}",
            _ when picture.Current == picture.Baseline => isSeries ? $"{current}, as usual" : $"{current}, as before",
            _ => isSeries ? $"{current}, where {Format(picture.Baseline)} is usual" : $"{current}, and was {known}",
        };
    }

    public string Level(in Picture picture, long? since, double p) =>
        $"{Comparison(picture)}{Since(since)}; up to {Format(Edge(picture))} is tolerated, and {Chances.Words(p)}."
            .Replace("up to", Falls(picture) ? "down to" : "up to", StringComparison.Ordinal);

    /// <summary>A failure that stands: the numbers of now are its own only while it lasts.</summary>
    public string Failed(in Picture picture, long? since, double p) => IsInside(picture)
        ? $"{spec.Name} failed{Since(since)}, and {Chances.Words(p)}; it is back inside its band, where it has to stay for 15 min: {Comparison(picture)}."
        : Level(picture, since, p);

    public string Transient(in Picture picture, long? since) =>
        $"{spec.Name} was worse than {(isSeries ? "usual" : "before")} for a while{Since(since)}, beyond chance, but it is not, or not yet, lasting: {Comparison(picture)}.";

    public string Starting(in Picture picture, long? since) =>
        $"{Comparison(picture)}{Since(since)}; instances are still starting, so it is judged once they have settled.";

    public string Tail(in Picture picture, long? since) =>
        $"The distribution of {spec.Name} has shifted beyond chance{Since(since)}, but p95 and p99 are within tolerance: {Comparison(picture)}.";

    public string Recovered(in Picture picture, string code, long since) =>
        $"{spec.Name} failed ({code}){Since(since, "")}, and has been back inside its band for 15 min: {Comparison(picture)}.";

    public string Limit(in Picture picture, double value, long? since)
    {
        var (limit, side) = value > spec.UpperLimit ? (spec.UpperLimit, "above") : (spec.LowerLimit, "below");
        return $"{picture.Subject} is {Format(value)}, {side} the limit of {Format(limit ?? double.NaN)}{Since(since)}.";
    }

    public string Down(long steps, long since) =>
        $"{spec.Name} has no data and every instance of the target has been down for {steps} steps{Since(since)}.";

    public string Vanished(long steps, long since)
    {
        var names = moment.SimilarNames is { Count: > 0 } similar
            ? $" Similar metrics that appeared: {string.Join(", ", similar.Take(5))}."
            : "";
        return $"{spec.Name} has had no data for {steps} steps{Since(since)} although the target is up and it had data before; the new version may have renamed or dropped the metric.{names}";
    }

    public string Collapsed(long since) =>
        $"More than half of the events of {spec.Name} have been bad{Since(since)}, already while warming up.";

    public string Calm(in Picture picture) => double.IsFinite(picture.Lower) && double.IsFinite(picture.Upper)
        ? $"{Comparison(picture)}; {Expected(picture)} is expected."
        : $"{Comparison(picture)}.";

    public string Provisional(in Picture picture, long? since) =>
        $"{Comparison(picture)}{Since(since)}; {Expected(picture)} was usual in the time before, but this history is too short to call that abnormal.";

    private bool IsInside(in Picture picture) => spec.Direction switch
    {
        Direction.Up => picture.Current <= picture.Upper,
        Direction.Down => picture.Current >= picture.Lower,
        _ => picture.Current <= picture.Upper && picture.Current >= picture.Lower,
    };

    private static bool Falls(in Picture picture) => picture.Current < picture.Baseline;

    private static double Edge(in Picture picture) => Falls(picture) ? picture.Lower : picture.Upper;

    /// <summary>"98 MiB to 102 MiB", or one end of it where only one way is bad.</summary>
    public string Expected(in Picture picture) => spec.Direction switch
    {
        _ when picture.Lower == picture.Upper => Format(picture.Lower),
        Direction.Up => $"up to {Format(picture.Upper)}",
        Direction.Down => $"{Format(picture.Lower)} or more",
        _ => $"{Format(picture.Lower)} to {Format(picture.Upper)}",
    };

    /// <summary>A value in the SLI's unit.</summary>
    public string Format(double value) => Units.Format(value, spec.Unit);
}
