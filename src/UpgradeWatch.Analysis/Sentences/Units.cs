using System.Globalization;

namespace UpgradeWatch.Analysis.Sentences;

/// <summary>Numbers as people write them: three digits and a unit that fits.</summary>
internal static class Units
{
    private static readonly string[] Binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>The value in its unit; "unknown" for NaN.</summary>
    public static string Format(double value, string unit)
    {
        if (!double.IsFinite(value))
            return "unknown";
        if (unit.EndsWith("_per_second", StringComparison.Ordinal))
            return unit.StartsWith("bytes", StringComparison.Ordinal) ? $"{Bytes(value)}/s" : $"{Round(value)}/s";

        return unit switch
        {
            "ratio" => $"{Round(100 * value)} %",
            "percent" => $"{Round(value)} %",
            "seconds" => Seconds(value),
            "bytes" => Bytes(value),
            "" or "none" or "count" => Round(value),
            _ => $"{Round(value)} {unit}",
        };
    }

    /// <summary>Rounded to so many digits, without trailing zeros and never in exponents that people would stumble over.</summary>
    public static string Round(double value, int digits = 3)
    {
        if (value == 0 || !double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);

        var size = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (size is < -9 or > 14)
            return value.ToString($"G{digits}", CultureInfo.InvariantCulture);

        var decimals = Math.Clamp(digits - 1 - size, 0, 15);
        return Math.Round(value, decimals).ToString("#,##0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>A length of time, from seconds to days.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 120 => $"{time.TotalSeconds:0} s",
        < 7200 => $"{Math.Floor(time.TotalMinutes):0} min",
        < 172_800 => $"{Math.Floor(time.TotalHours):0} h",
        _ => $"{Math.Floor(time.TotalDays):0} days",
    };

    private static string Seconds(double value) => Math.Abs(value) switch
    {
        0 => "0 s",
        < 0.001 => $"{Round(1e6 * value)} µs",
        < 1 => $"{Round(1e3 * value)} ms",
        _ => $"{Round(value)} s",
    };

    private static string Bytes(double value)
    {
        var power = 0;
        while (Math.Abs(value) >= 1024 && power < Binary.Length - 1)
        {
            value /= 1024;
            power++;
        }

        return $"{Round(value)} {Binary[power]}";
    }
}
