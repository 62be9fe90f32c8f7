using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>What a tolerance means beside a value.</summary>
internal static class Tolerances
{
    /// <summary>How far from <paramref name="value"/> is still tolerated: both parts must be passed for a difference to matter.</summary>
    public static double Width(this Tolerance tolerance, double value) =>
        Math.Max((tolerance.Relative ?? 0) * Math.Abs(value), tolerance.Absolute ?? 0);

    /// <summary>Whether <paramref name="value"/> is beyond tolerance of <paramref name="baseline"/> in a direction.</summary>
    public static bool IsBeyond(this Tolerance tolerance, double value, double baseline, Direction direction)
    {
        var width = tolerance.Width(baseline);
        var up = direction != Direction.Down && value > baseline + width;
        var down = direction != Direction.Up && value < baseline - width;
        return up || down;
    }
}
