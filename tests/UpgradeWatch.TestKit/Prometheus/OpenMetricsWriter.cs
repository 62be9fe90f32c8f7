using System.Globalization;

namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>
/// Writes samples with their times as OpenMetrics text for the import into Prometheus. Samples of one series come in
/// ascending order of time; series may be mixed.
/// </summary>
public sealed class OpenMetricsWriter : IDisposable
{
    private readonly StreamWriter _writer;

    internal OpenMetricsWriter(string file) => _writer = new StreamWriter(file) { NewLine = "\n" };

    /// <summary>Labels in the form they have in an exposition, without braces.</summary>
    public static string Labels(params IEnumerable<(string Name, string Value)> labels) =>
        string.Join(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value)}\""));

    /// <summary>One sample of a counter or a gauge.</summary>
    /// <param name="name">Name of the metric.</param>
    /// <param name="labels">What <see cref="Labels"/> gives; may be empty.</param>
    /// <param name="at">When it was scraped, to the millisecond.</param>
    /// <param name="value">The value; NaN and infinities are allowed.</param>
    public void Sample(string name, string labels, DateTimeOffset at, double value) =>
        _writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}{{{labels}}} {Number(value)} {at.ToUnixTimeMilliseconds() / 1000.0:0.000}"));

    /// <summary>One scrape of a classic histogram: all its buckets, sum and count.</summary>
    /// <param name="name">Name without a suffix.</param>
    /// <param name="labels">What <see cref="Labels"/> gives; may be empty.</param>
    /// <param name="at">When it was scraped.</param>
    /// <param name="bounds">Finite upper bounds, ascending.</param>
    /// <param name="cumulative">Events at or below each bound, and at the end all events.</param>
    /// <param name="sum">Sum of all values.</param>
    public void Histogram(
        string name, string labels, DateTimeOffset at, IReadOnlyList<double> bounds, IReadOnlyList<double> cumulative, double sum)
    {
        var separator = labels.Length == 0 ? "" : ",";
        for (var i = 0; i < cumulative.Count; i++)
        {
            var bound = i < bounds.Count ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Sample($"{name}_bucket", $"{labels}{separator}le=\"{bound}\"", at, cumulative[i]);
        }

        Sample($"{name}_sum", labels, at, sum);
        Sample($"{name}_count", labels, at, cumulative[^1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.WriteLine("# EOF");
        _writer.Dispose();
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
