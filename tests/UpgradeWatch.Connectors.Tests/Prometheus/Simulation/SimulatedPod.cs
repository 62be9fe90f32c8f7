using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus.Simulation;

/// <summary>One process with its counters, and what a perfect observer sees of it.</summary>
internal sealed class SimulatedPod(PodScenario scenario, string instance, double phase, DateTimeOffset startedAt, Random random)
{
    public static readonly double[] Bounds = [0.01, 0.1, 1];

    private readonly long[] _ok = new long[Bounds.Length + 1];
    private readonly long[] _errors = new long[Bounds.Length + 1];
    private readonly long[] _seenOk = new long[Bounds.Length + 1];
    private readonly long[] _seenErrors = new long[Bounds.Length + 1];
    private DateTimeOffset _startedAt = startedAt;

    public void Restart(DateTimeOffset at)
    {
        foreach (var counts in (long[][])[_ok, _errors, _seenOk, _seenErrors])
        {
            Array.Clear(counts);
        }

        _startedAt = at;
    }

    /// <summary>Lets an interval pass, and scrapes the pod near its end.</summary>
    public void Scrape(OpenMetricsWriter writer, ScrapeTruth truth, int scrape, DateTimeOffset tick)
    {
        for (var left = random.Next((int)(2 * scenario.RequestsPerScrape)); left > 0; left--)
        {
            var isError = scrape >= scenario.FirstErrorAt && random.NextDouble() < scenario.ErrorRatio;
            (isError ? _errors : _ok)[random.Next(Bounds.Length + 1)]++;
        }

        if (random.NextDouble() < scenario.Missed)
        {
            return;
        }

        var at = tick + (scenario.Interval * (phase + (scenario.Jitter * ((2 * random.NextDouble()) - 1))));
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        Write(writer, at);
        truth.Saw(at, Increments(_ok, _seenOk), Increments(_errors, _seenErrors));
    }

    private void Write(OpenMetricsWriter writer, DateTimeOffset at)
    {
        var labels = OpenMetricsWriter.Labels(("instance", instance), ("job", "shop"), ("namespace", scenario.Namespace));
        if (scenario.HasUp)
        {
            writer.Sample("up", labels, at, 1);
            writer.Sample("scrape_duration_seconds", labels, at, 0.25);
        }

        if (scenario.HasProcessStart)
        {
            writer.Sample("process_start_time_seconds", labels, at, _startedAt.ToUnixTimeMilliseconds() / 1000.0);
        }

        Histogram(writer, $"code=\"200\",{labels}", at, _ok);
        Histogram(writer, $"code=\"500\",{labels}", at, _errors);
    }

    private static void Histogram(OpenMetricsWriter writer, string labels, DateTimeOffset at, long[] counts)
    {
        if (counts.Sum() > 0)
        {
            double sum = 0;
            writer.Histogram("http_request_duration_seconds", labels, at, Bounds, Array.ConvertAll(counts, count => sum += count), sum: 1);
            writer.Sample("http_requests_received_total", labels, at, counts.Sum());
        }
    }

    private static long[] Increments(long[] counts, long[] seen)
    {
        var increments = counts.Zip(seen, (now, before) => now - before).ToArray();
        counts.CopyTo(seen, 0);
        return increments;
    }
}
