using System.Globalization;

namespace UpgradeWatch.Cli.Output;

/// <summary>Times and numbers for people.</summary>
internal static class Shown
{
    /// <summary>In UTC to the second; null as a dash.</summary>
    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Three significant digits, whole numbers from a thousand on; null as a dash.</summary>
    public static string Number(double? number) => number?.ToString(Math.Abs(number.Value) is >= 1000 and < 1e15 ? "#,0" : "G3", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A probability; what is smaller than it can honestly be told is said to be that.</summary>
    public static string Probability(double? number) => number < 0.001 ? "<0.001" : Number(number);

    /// <summary>A value with its unit.</summary>
    public static string Value(double? number, string unit) => (number, unit) switch
    {
        (null, _) => "-",
        (_, "ratio") => string.Create(CultureInfo.InvariantCulture, $"{number * 100:0.###} %"),
        ( < 1, "seconds") => string.Create(CultureInfo.InvariantCulture, $"{number * 1000:0.#} ms"),
        (_, "seconds") => string.Create(CultureInfo.InvariantCulture, $"{number:0.##} s"),
        (_, "" or "value") => Number(number),
        _ => $"{Number(number)} {unit.Replace('_', ' ')}",
    };

    /// <summary>Length of time in the largest unit that fits.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} d"),
    };
}
