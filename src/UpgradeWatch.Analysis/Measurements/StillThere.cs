namespace UpgradeWatch.Analysis.Measurements;

/// <summary>
/// Whether what a count test has alarmed about is still there. Besides the point estimate the last steps must be
/// unlikely at the tolerated rate, or any single late error would make a failure of a hiccup long past; and the newest
/// of them alone must look it, or a warm-up that took a little longer would be one.
/// </summary>
internal static class StillThere
{
    private const double RecentLevel = 0.003;
    private const double NewestLevel = 0.05;

    /// <param name="recentChance">Chance of what was seen in the last steps.</param>
    /// <param name="newestChance">Chance of what was seen in the newest of them.</param>
    /// <param name="tests">How many such tests are made of the same steps.</param>
    public static bool Holds(double recentChance, double newestChance, int tests = 1) =>
        recentChance < RecentLevel / tests && newestChance < NewestLevel / tests;
}
