namespace UpgradeWatch.Analysis.Measurements;

/// <summary>The numbers to show, in the SLI's unit; NaN where there is none.</summary>
/// <param name="Subject">What the numbers are of, for instance <c>p99 latency</c>.</param>
/// <param name="Baseline">Before the upgrade.</param>
/// <param name="Lower">Lower end of what is expected.</param>
/// <param name="Upper">Upper end of what is expected.</param>
/// <param name="Current">Over the last 8 counted steps.</param>
/// <param name="Change">Since the upgrade over before, with its 95 % interval.</param>
internal readonly record struct Picture(
    string Subject,
    double Baseline,
    double Lower,
    double Upper,
    double Current,
    Change Change);

/// <summary>A ratio with its 95 % interval; NaN where there is none.</summary>
internal readonly record struct Change(double Ratio, double Lower, double Upper)
{
    public static readonly Change Unknown = new(double.NaN, double.NaN, double.NaN);
}
