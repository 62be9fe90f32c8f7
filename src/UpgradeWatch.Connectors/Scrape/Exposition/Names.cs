using System.Buffers;

namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>Which bytes names consist of.</summary>
internal static class Names
{
    private static readonly SearchValues<byte> LabelBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private static readonly SearchValues<byte> MetricBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);

    /// <summary>Length of the metric name that a text begins with; 0 for none.</summary>
    public static int MetricLength(ReadOnlySpan<byte> text) => Length(text, MetricBytes);

    /// <summary>Length of the label name that a text begins with; 0 for none.</summary>
    public static int LabelLength(ReadOnlySpan<byte> text) => Length(text, LabelBytes);

    private static int Length(ReadOnlySpan<byte> text, SearchValues<byte> allowed)
    {
        if (text.IsEmpty || text[0] is >= (byte)'0' and <= (byte)'9') return 0;

        var end = text.IndexOfAnyExcept(allowed);
        return end < 0 ? text.Length : end;
    }
}
