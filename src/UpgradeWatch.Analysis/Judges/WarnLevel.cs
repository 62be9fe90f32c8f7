namespace UpgradeWatch.Analysis.Judges;

/// <summary>The level of <c>warn</c>, live and for past changes.</summary>
public static class WarnLevel
{
    private const double Least = 0.05;

    /// <summary>The level that belongs to a false-alarm rate: 5 %, or the rate itself where that is more.</summary>
    public static double Of(double falseAlarmRate) => Math.Max(falseAlarmRate, Least);
}
