using System.Globalization;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.TestKit.SampleService;

/// <summary>
/// The past of one pod of the service that <see cref="ShopService"/> is, drawn instead of waited for, to be imported
/// into Prometheus.
/// </summary>
/// <param name="job">The value of the <c>job</c> label.</param>
/// <param name="instance">The value of the <c>instance</c> label.</param>
/// <param name="seed">The same seed draws the same past.</param>
/// <param name="moreLabels">Labels beside these two.</param>
public sealed class PodHistory(string job, string instance, int seed, params IEnumerable<(string Name, string Value)> moreLabels)
{
    private const string Ok = """
        http_request_method="GET",http_response_status_code="200",http_route="/products/{id}",network_protocol_version="1.1",url_scheme="http"
        """;
    private const string Error = """
        http_request_method="GET",http_response_status_code="500",http_route="/products/{id}",network_protocol_version="1.1",url_scheme="http"
        """;

    private readonly string _labels = OpenMetricsWriter.Labels([("job", job), ("instance", instance), .. moreLabels]);
    private readonly Random _random = new(seed);
    private readonly Workload _workload = new(seed + 1);
    private Counters _ok = new();
    private Counters _errors = new();
    private DateTimeOffset? _startedAt;

    /// <summary>Its load from now on, at least 0.</summary>
    public double RequestsPerSecond { get; set; } = 100;

    /// <summary>What is wrong with it from now on.</summary>
    public Faults Faults { get; set; } = Faults.None;

    /// <summary>Whether scrapes fail from now on.</summary>
    public bool IsDown { get; set; }

    /// <summary>It starts again: its counters begin at 0.</summary>
    public void Restart()
    {
        (_ok, _errors) = (new Counters(), new Counters());
        _startedAt = null;
    }

    /// <summary>
    /// Writes the scrapes of some pods between two times, the first one interval after <paramref name="from"/>.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="pods">The pods.</param>
    /// <param name="from">Beginning, excluded.</param>
    /// <param name="until">End, included.</param>
    /// <param name="interval">Time between two scrapes.</param>
    public static void Write(
        OpenMetricsWriter writer, IReadOnlyList<PodHistory> pods, DateTimeOffset from, DateTimeOffset until, TimeSpan interval)
    {
        for (var at = from + interval; at <= until; at += interval)
        {
            foreach (var pod in pods)
            {
                pod.Scrape(writer, at, interval);
            }
        }
    }

    private void Scrape(OpenMetricsWriter writer, DateTimeOffset at, TimeSpan interval)
    {
        writer.Sample("up", _labels, at, IsDown ? 0 : 1);
        if (IsDown)
        {
            return;
        }

        _startedAt ??= at - interval;
        for (var left = _random.NextPoisson(RequestsPerSecond * interval.TotalSeconds); left > 0; left--)
        {
            var (latency, isError) = _workload.Next(Faults);
            (isError ? _errors : _ok).Add(latency.TotalSeconds);
        }

        var name = (Faults.RenamedMetrics ? "web_" : "") + RequestDurations.Name;
        WriteCounters(writer, name, Ok, at, _ok);
        WriteCounters(writer, name, Error, at, _errors);
        writer.Sample("process_start_time_seconds", _labels, at, _startedAt.Value.ToUnixTimeMilliseconds() / 1000.0);
        writer.Sample("process_cpu_seconds_total", _labels, at, ServiceMeters.CpuSeconds(at - _startedAt.Value, _ok.Count + _errors.Count));
        writer.Sample("process_resident_memory_bytes", _labels, at, ServiceMeters.ResidentBytes);
    }

    private void WriteCounters(OpenMetricsWriter writer, string name, string labels, DateTimeOffset at, Counters counters)
    {
        // As with the real exporters a series exists from its first event on.
        if (counters.Count > 0)
        {
            writer.Histogram(name, string.Create(CultureInfo.InvariantCulture, $"{_labels},{labels}"), at, RequestDurations.Bounds, counters.Cumulative(), counters.Sum);
        }
    }

    private sealed class Counters
    {
        private readonly long[] _buckets = new long[RequestDurations.Bounds.Length + 1];

        public long Count { get; private set; }

        public double Sum { get; private set; }

        public void Add(double seconds)
        {
            _buckets[RequestDurations.BucketOf(seconds)]++;
            Count++;
            Sum += seconds;
        }

        public double[] Cumulative()
        {
            long sum = 0;
            return Array.ConvertAll(_buckets, count => (double)(sum += count));
        }
    }
}
