using System.Globalization;

namespace UpgradeWatch.Configuration;

/// <summary>Durations as people write them: <c>90s</c>, <c>15m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class Durations
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Expected = "a duration such as 90s, 15m, 1h or 7d";

    private const double LongestSeconds = 366 * 86400.0;

    /// <summary>Finds the seconds of a duration with its unit; above 0 and at most a year.</summary>
    public static bool TryParseSeconds(string text, out double seconds)
    {
        seconds = 0;
        if (text.Length < 2) return false;
        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (!double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        seconds = count * unit;
        return seconds is > 0 and <= LongestSeconds;
    }
}
