using System.Globalization;
using System.Text;

namespace UpgradeWatch.TestKit.SampleService;

/// <summary>
/// The histogram of ASP.NET Core's <c>http.server.request.duration</c> as Prometheus sees it. A series exists from its
/// first request on, as with the exporters that real services use: no error series until the first error.
/// Bounds: the advice that ASP.NET Core itself gives,
/// https://github.com/dotnet/aspnetcore/blob/main/src/Hosting/Hosting/src/Internal/HostingMetrics.cs.
/// </summary>
internal sealed class RequestDurations
{
    public const string Name = "http_server_request_duration_seconds";

    public static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    /// <summary>Counts one request.</summary>
    /// <param name="seconds">How long it took.</param>
    /// <param name="tags">The instrument's tags, with their OpenTelemetry names.</param>
    public void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                _series[labels] = series = new Series(new long[Bounds.Length + 1]);
            }

            series.Counts[BucketOf(seconds)]++;
            series.Sum += seconds;
        }
    }

    /// <summary>Index of the first bound that is not below the value; the number of bounds when all are.</summary>
    public static int BucketOf(double seconds)
    {
        var index = Array.BinarySearch(Bounds, seconds);
        return index < 0 ? ~index : index;
    }

    /// <summary>Writes the exposition.</summary>
    public void WriteTo(StringBuilder text, string prefix)
    {
        var name = prefix + Name;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} Duration of HTTP server requests.\n# TYPE {name} histogram\n");
        lock (_lock)
        {
            foreach (var (labels, series) in _series)
            {
                WriteSeries(text, name, labels, series);
            }
        }
    }

    private static void WriteSeries(StringBuilder text, string name, string labels, Series series)
    {
        long count = 0;
        for (var i = 0; i < series.Counts.Length; i++)
        {
            count += series.Counts[i];
            var bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{bound}\"}} {count}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {series.Sum:R}\n{name}_count{{{labels}}} {count}\n");
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>(tags.Length);
        foreach (var tag in tags)
        {
            labels.Add(string.Create(CultureInfo.InvariantCulture, $"{tag.Key.Replace('.', '_')}=\"{tag.Value}\""));
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    private sealed record Series(long[] Counts)
    {
        public double Sum { get; set; }
    }
}
