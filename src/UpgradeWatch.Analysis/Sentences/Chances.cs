namespace UpgradeWatch.Analysis.Sentences;

/// <summary>How likely something is by chance, in words.</summary>
internal static class Chances
{
    private const double Least = 0.001;

    /// <summary>Never below "under 0.1 %": no model of a production system is good for more.</summary>
    public static string Words(double p) => p < Least
        ? "chance alone does this in under 0.1 % of good upgrades"
        : $"chance alone does this in about {Units.Round(100 * p, 2)} % of good upgrades";
}
