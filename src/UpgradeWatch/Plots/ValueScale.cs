using System.Globalization;

namespace UpgradeWatch.Plots;

/// <summary>How the values of an axis are written: one factor and one suffix for all of them, and as many digits as tell them apart.</summary>
internal readonly record struct ValueScale(double Factor, string Suffix)
{
    private const double Kilo = 1000;
    private const double Kibi = 1024;

    /// <summary>The scale for values up to so much.</summary>
    public static ValueScale For(string unit, double most) => unit switch
    {
        "ratio" => new ValueScale(100, " %"),
        "seconds" when most < 1 => new ValueScale(1000, " ms"),
        "seconds" => new ValueScale(1, " s"),
        "bytes" => Prefixed(most, Kibi, [" B", " KiB", " MiB", " GiB", " TiB"], 1),
        _ => Prefixed(most, Kilo, ["", " k", " M", " G", " T"], 100),
    };

    /// <summary>A value of an axis whose marks are so far apart.</summary>
    public string Format(double value, double distance)
    {
        var digits = (int)Math.Clamp(-Math.Floor(Math.Log10(distance * Factor) + 1e-9), 0, 12);
        var rounded = Math.Round(value * Factor, digits);
        return (rounded == 0 ? 0 : rounded).ToString("F" + digits, CultureInfo.InvariantCulture) + Suffix;
    }

    private static ValueScale Prefixed(double most, double step, string[] suffixes, double room)
    {
        var (factor, index) = (1.0, 0);
        while (most * factor >= (index == 0 ? step * room : step) && index < suffixes.Length - 1)
        {
            factor /= step;
            index++;
        }

        return new ValueScale(factor, suffixes[index]);
    }
}
