using System.Globalization;

namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>Reads what follows a series in its line: value, timestamp, exemplar.</summary>
internal static class SampleText
{
    /// <summary>
    /// Reads the value and checks the rest. A timestamp is checked and then left out of account: every sample counts at
    /// the time of its scrape, as Prometheus does with <c>honor_timestamps: false</c>.
    /// </summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> rest, ExpositionFormat format, ExpositionLimits limits, out double value)
    {
        var token = Next(ref rest);
        value = 0;
        if (token.IsEmpty) return "the value is missing";
        if (!NumberText.TryRead(token, out value)) return $"{Shown.Text(token)} is not a number";

        token = Next(ref rest);
        if (token.IsEmpty) return null;
        if (token is not [(byte)'#', ..])
        {
            if (!IsTimestamp(token, format)) return $"{Shown.Text(token)} is not a timestamp ({(format == ExpositionFormat.Text ? "whole milliseconds" : "seconds")} since 1970)";

            token = Next(ref rest);
            if (token.IsEmpty) return null;
        }

        return token is [(byte)'#'] && format == ExpositionFormat.OpenMetrics
            ? Exemplar(rest, limits)
            : $"nothing more is expected after the value and the timestamp, but there is {Shown.Text(token)}";
    }

    private static string? Exemplar(ReadOnlySpan<byte> rest, ExpositionLimits limits)
    {
        rest = rest.TrimStart(" \t"u8);
        if (rest is not [(byte)'{', ..]) return $"the exemplar must begin with {{, not {Shown.At(rest, 0)}";

        var problem = LabelText.FindEnd(rest, 0, limits, out var end);
        if (problem is not null) return "in the exemplar " + problem;

        rest = rest[end..];
        var value = Next(ref rest);
        if (!NumberText.TryRead(value, out _)) return value.IsEmpty ? "the exemplar has no value" : $"{Shown.Text(value)} in the exemplar is not a number";

        var timestamp = Next(ref rest);
        if (!timestamp.IsEmpty && !IsTimestamp(timestamp, ExpositionFormat.OpenMetrics)) return $"{Shown.Text(timestamp)} in the exemplar is not a timestamp (seconds since 1970)";

        var more = Next(ref rest);
        return more.IsEmpty ? null : $"nothing more is expected after the exemplar, but there is {Shown.Text(more)}";
    }

    private static bool IsTimestamp(ReadOnlySpan<byte> token, ExpositionFormat format) => format == ExpositionFormat.Text
        ? long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        : NumberText.TryRead(token, out var seconds) && double.IsFinite(seconds);

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t"u8);
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..];
        return token;
    }
}
