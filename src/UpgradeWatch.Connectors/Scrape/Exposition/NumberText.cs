using System.Globalization;

namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>Reads the numbers of an exposition.</summary>
internal static class NumberText
{
    // Up to here whole numbers are exact in a double, so they need no general parser.
    private const int ExactDigits = 15;

    /// <summary>Reads a value: a decimal number, <c>NaN</c>, <c>Inf</c> or <c>Infinity</c> in any case and with any sign.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value)
    {
        if (TryReadWhole(text, out value)) return true;

        var unsigned = text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text;
        if (unsigned.IsEmpty) return false;

        if (unsigned[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'.')
        {
            const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            return double.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
        }

        value = Is(unsigned, "nan"u8) ? double.NaN
            : !Is(unsigned, "inf"u8) && !Is(unsigned, "infinity"u8) ? 0
            : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return value != 0;
    }

    private static bool TryReadWhole(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length is 0 or > ExactDigits) return false;

        long whole = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;

            whole = whole * 10 + (digit - '0');
        }

        value = whole;
        return true;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        System.Text.Ascii.EqualsIgnoreCase(text, word);
}
