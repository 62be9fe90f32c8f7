using UpgradeWatch.Connectors.Scrape.Series;

namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>
/// Reads an exposition. Series that were seen before are recognised by their bytes, so that labels are read once; of a
/// metric that is not needed only the name is looked at.
/// </summary>
internal sealed class ExpositionParser(SeriesTable table, ExpositionLimits limits)
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The body as UTF-8.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="isWhole">Whether the transport vouches for the body's length; otherwise the last line must have an end.</param>
    /// <param name="samples">Takes the samples that are needed, in the order in which they are written.</param>
    /// <returns>A sentence with the line and what is wrong with it; null when nothing is.</returns>
    public string? Parse(ReadOnlySpan<byte> body, ExpositionFormat format, bool isWhole, List<ScrapedSample> samples)
    {
        samples.Clear();
        table.Begin();
        var lines = new LineReader(body);
        var count = 0;
        var ended = false;
        while (lines.Read())
        {
            var problem = Check(lines, ended) ?? (IsSample(lines.Line, format, ref ended) ? Sample(lines.Line, format, ref count, samples) : null);
            if (problem is not null) return $"line {lines.Number}: {problem}.";
        }

        if (!ended && format == ExpositionFormat.OpenMetrics) return $"The body ends after line {lines.Number} without # EOF: it was cut short.";
        if (!ended && !lines.HasEnd && !isWhole) return $"The body ends within line {lines.Number}: it was cut short.";

        table.End();
        return null;
    }

    private string? Check(in LineReader lines, bool ended) =>
        lines.Line.Length > limits.LineBytes ? $"it has {lines.Line.Length} bytes, at most {limits.LineBytes} are read"
        : ended && !lines.Line.IsEmpty ? $"nothing is expected after # EOF, but there is {Shown.Text(lines.Line)}"
        : null;

    private static bool IsSample(ReadOnlySpan<byte> line, ExpositionFormat format, ref bool ended)
    {
        if (line.IsEmpty) return false;
        if (line[0] != '#') return true;

        ended |= format == ExpositionFormat.OpenMetrics && line.SequenceEqual("# EOF"u8);
        return false;
    }

    private string? Sample(ReadOnlySpan<byte> line, ExpositionFormat format, ref int count, List<ScrapedSample> samples)
    {
        if (++count > limits.Samples) return $"there are more than {limits.Samples} samples";

        var series = table.Expected(line);
        if (series is null)
        {
            var problem = Find(line, out series);
            if (problem is not null || series is null) return problem;
        }

        if (!series.IsNeeded) return null;

        var wrong = SampleText.Read(line[series.Key.Length..], format, limits, out var value);
        if (wrong is null) samples.Add(new ScrapedSample(series, value));
        return wrong;
    }

    private string? Find(ReadOnlySpan<byte> line, out ScrapedSeries? series)
    {
        series = null;
        var nameLength = Names.MetricLength(line);
        if (nameLength == 0) return $"a metric name is expected, not {Shown.Text(line)}";

        var end = nameLength;
        while (end < line.Length && line[end] is (byte)' ' or (byte)'\t') end++;
        if (end == line.Length) return $"the value of {Shown.Text(line[..nameLength])} is missing";
        if (end == nameLength && line[end] != '{') return $"{Shown.At(line, end)} is not allowed in the metric name {Shown.Text(line[..nameLength])}";

        var metric = table.Metric(line[..nameLength]);
        if (!metric.IsNeeded) return null;

        var open = line[end] == '{' ? end : -1;
        end = nameLength;
        var problem = open < 0 ? null : LabelText.FindEnd(line, open, limits, out end);
        if (problem is not null) return problem;

        return table.Find(line[..end], metric, open, limits, out series);
    }
}
