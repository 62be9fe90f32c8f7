using System.Globalization;
using System.Text;

namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>
/// A service with routes, statuses and pods: 90 min of scrapes, and after an upgrade 15 min before their end one route
/// fails with a status that was never seen, and another one is slow.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="end">End of the past.</param>
/// <param name="pods">Its instances.</param>
public sealed class LabelledService(int seed, DateTimeOffset end, params string[] pods)
{
    /// <summary>Seconds between two scrapes.</summary>
    public const int Interval = 15;

    /// <summary>A route that somebody chose to break queries with.</summary>
    public const string Odd = "/a\"b\\c{}";

    /// <summary>Upper bounds of its buckets in seconds.</summary>
    public static readonly double[] Bounds = [0.1, 0.5, 1];

    private const int Minutes = 90;

    private static readonly string[] Routes = ["/checkout", "/cart", Odd];

    private readonly Random _random = new(seed);
    private readonly SortedDictionary<(string Pod, string Route, string Code), double[]> _counts = [];
    private readonly List<(DateTimeOffset At, string Route, string Code, string Pod, bool IsSlow)> _truth = [];

    /// <summary>When it got worse.</summary>
    public DateTimeOffset UpgradedAt { get; } = end.AddMinutes(-15);

    /// <summary>Requests of which a condition holds that were first seen within a window.</summary>
    /// <param name="after">Beginning of the window.</param>
    /// <param name="until">End of the window.</param>
    /// <param name="holds">Of the route, the status, the pod, and whether it was slower than 0.5 s.</param>
    public double Count(DateTimeOffset after, DateTimeOffset until, Func<string, string, string, bool, bool> holds) =>
        _truth.Count(seen => seen.At > after && seen.At <= until && holds(seen.Route, seen.Code, seen.Pod, seen.IsSlow));

    /// <summary>Writes the scrapes; gives the bodies of the first pod's.</summary>
    public List<(DateTimeOffset At, string Body)> Write(OpenMetricsWriter writer)
    {
        var bodies = new List<(DateTimeOffset, string)>();
        for (var at = end.AddMinutes(-Minutes).AddSeconds(5); at < end; at = at.AddSeconds(Interval))
        {
            foreach (var pod in pods)
            {
                for (var request = 0; request < 20; request++) Serve(pod, at);
                var body = new StringBuilder();
                Expose(writer, body, pod, at);
                if (pod == pods[0]) bodies.Add((at, body.ToString()));
            }
        }

        return bodies;
    }

    private void Serve(string pod, DateTimeOffset at)
    {
        var isAfter = at > UpgradedAt;
        var route = Routes[_random.Next(Routes.Length)];
        var code = isAfter && route == "/checkout" && _random.Next(3) == 0 ? "503" : _random.Next(100) == 0 ? "500" : "200";
        var slowest = isAfter && route == Odd && _random.Next(2) == 0 ? 2 : _random.Next(50) == 0 ? 3 : _random.Next(2);
        if (!_counts.TryGetValue((pod, route, code), out var counts)) _counts.Add((pod, route, code), counts = new double[Bounds.Length + 1]);
        for (var bound = slowest; bound < counts.Length; bound++) counts[bound]++;
        _truth.Add((at, route, code, pod, slowest > 1));
    }

    private void Expose(OpenMetricsWriter writer, StringBuilder body, string pod, DateTimeOffset at)
    {
        var scraped = OpenMetricsWriter.Labels(("instance", pod), ("job", "shop"));
        writer.Sample("up", scraped, at, 1);
        Sample("process_start_time_seconds", "", end.AddMinutes(-Minutes).ToUnixTimeSeconds() - 60);
        foreach (var (key, counts) in _counts.Where(series => series.Key.Pod == pod))
        {
            var labels = OpenMetricsWriter.Labels(("code", key.Code), ("endpoint", key.Route));
            for (var bound = 0; bound < counts.Length; bound++)
            {
                var le = bound < Bounds.Length ? Bounds[bound].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Sample("http_request_duration_seconds_bucket", $"{labels},le=\"{le}\"", counts[bound]);
            }

            Sample("http_request_duration_seconds_count", labels, counts[^1]);
            Sample("http_requests_received_total", labels, counts[^1]);
        }

        void Sample(string name, string labels, double value)
        {
            writer.Sample(name, labels.Length == 0 ? scraped : $"{scraped},{labels}", at, value);
            body.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");
        }
    }
}
