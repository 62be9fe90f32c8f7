using System.Globalization;
using System.Text;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Scrape.Equality;

/// <summary>
/// A service that is restarted, misses scrapes, is away for longer than Prometheus remembers, and gets new series; its
/// scrapes go to Prometheus and to the direct scrape alike.
/// </summary>
internal sealed class TroubledService(int seed, int scrapes)
{
    public const double Interval = 10;

    private const string Scraped = "job=\"shop\",instance=\"10.0.0.1:80\"";
    private const int LongOutage = 33;

    private static readonly string[] Bounds = ["0.1", "0.5", "1", "+Inf"];

    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, double> _counters = [];
    private double _processStart;
    private int _downFor;

    /// <summary>Names of all its metrics.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>
    {
        "http_requests_total", "http_duration_seconds_bucket", "queue_length", "process_cpu_seconds_total", "process_start_time_seconds", "up",
    };

    /// <summary>Writes the scrapes; each ends up within its step, somewhere.</summary>
    public List<(DateTimeOffset At, string? Body)> Write(OpenMetricsWriter writer, DateTimeOffset end)
    {
        var written = new List<(DateTimeOffset, string?)>();
        Start(end.ToUnixTimeSeconds() - (scrapes * Interval) - 5000);
        for (var index = 0; index < scrapes; index++)
        {
            var stepEnd = end.AddSeconds((index - scrapes + 1) * Interval);
            var at = stepEnd.AddMilliseconds(-_random.Next(1000, (int)(Interval * 1000) - 1000));
            Live(index, at);
            var isUp = _downFor-- <= 0;
            writer.Sample("up", Scraped, at, isUp ? 1 : 0);
            written.Add((at, isUp ? Expose(writer, at) : null));
        }

        return written;
    }

    private void Live(int index, DateTimeOffset at)
    {
        if (_random.NextDouble() < 0.02) Start(at.ToUnixTimeMilliseconds() / 1000.0 - _random.Next(1, 15));
        if (_random.NextDouble() < 0.05) _downFor = Math.Max(_downFor, _random.Next(1, 4));
        if (index == scrapes / 2) _downFor = LongOutage;

        for (var requests = _random.Next(0, 60); requests > 0; requests--) Request(index);

        Add("process_cpu_seconds_total", _random.NextDouble());
    }

    private void Request(int index)
    {
        // One route more with every hundred scrapes.
        var route = (char)('a' + _random.Next(1 + (index / 100)));
        var code = _random.NextDouble() < 0.01 ? _random.Next(500, 504) : 200;
        Add($"http_requests_total{{route=\"/{route}\",code=\"{code}\"}}", 1);
        var slowest = _random.Next(Bounds.Length);
        for (var bound = 0; bound < Bounds.Length; bound++)
        {
            Add($"http_duration_seconds_bucket{{route=\"/{route}\",le=\"{Bounds[bound]}\"}}", bound >= slowest ? 1 : 0);
        }
    }

    private void Start(double at)
    {
        _counters.Clear();
        _processStart = Math.Round(at, 3);
        Add("process_cpu_seconds_total", 0.25);
    }

    private void Add(string series, double value) => _counters[series] = _counters.GetValueOrDefault(series) + value;

    private string Expose(OpenMetricsWriter writer, DateTimeOffset at)
    {
        var body = new StringBuilder("# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\n");
        foreach (var (series, value) in _counters) Sample(series, value);

        Sample("queue_length{queue=\"in\"}", _random.Next(10));
        Sample("queue_length{queue=\"out\"}", _random.Next(10));
        Sample("process_start_time_seconds", _processStart);
        return body.ToString();

        void Sample(string series, double value)
        {
            body.Append(CultureInfo.InvariantCulture, $"{series} {value:R}\n");
            var open = series.IndexOf('{', StringComparison.Ordinal);
            var name = open < 0 ? series : series[..open];
            writer.Sample(name, open < 0 ? Scraped : $"{Scraped},{series[(open + 1)..^1]}", at, value);
        }
    }
}
