using System.Text;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Scrape.Series;
using UpgradeWatch.Connectors.Scrape.Steps;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Benchmarks.Scrape;

/// <summary>What reading an exposition of 10,000 series costs, beside counting the lines of the same body.</summary>
internal static class ScrapeTable
{
    private const int Series = 10_000;
    private const int Rounds = 300;

    private static readonly string[] Bounds =
        ["0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5", "5", "7.5", "10", "+Inf"];

    public static void Print(TextWriter output, TimeProvider time)
    {
        var body = Body();
        output.WriteLine($"Reading {Series} series in {body.Length / 1024} KiB, best of {Rounds}");
        var scan = Measure(time, () => body.AsSpan().Count((byte)'\n'));
        Write(output, "counting lines", scan, scan);
        foreach (var (name, needed) in new[] { ("no metric needed", "other"), ("1 of 20 metrics needed", "http_3_duration_seconds_bucket"), ("all needed", "http_{0}_duration_seconds_bucket") })
        {
            var parser = Parser(needed);
            var samples = new List<ScrapedSample>();
            Write(output, name, Measure(time, () => Read(parser, body, samples)), scan);
        }

        var all = new List<ScrapedSample>();
        Write(output, "all needed, never seen before", Measure(time, () => Read(Parser("http_{0}_duration_seconds_bucket"), body, all), rounds: 20), scan);
        output.WriteLine();
    }

    private static int Read(ExpositionParser parser, byte[] body, List<ScrapedSample> samples) =>
        parser.Parse(body, ExpositionFormat.Text, isWhole: false, samples) is { } error ? throw new InvalidOperationException(error) : samples.Count;

    private static ExpositionParser Parser(string metrics)
    {
        var signals = new SignalSet();
        for (var index = 0; index < 20; index++)
        {
            var name = string.Format(null, metrics, index);
            signals.Add(new SignalDefinition { Name = $"latency-{index}", Buckets = new Selector(name, []) });
        }

        return new ExpositionParser(new SeriesTable(signals), new ExpositionLimits());
    }

    private static byte[] Body()
    {
        var text = new StringBuilder();
        for (var index = 0; index < Series; index++)
        {
            var metric = index * 20 / Series;
            text.Append(null, $"http_{metric}_duration_seconds_bucket{{code=\"200\",method=\"GET\",route=\"/api/v1/products/{index / Bounds.Length}\",le=\"{Bounds[index % Bounds.Length]}\"}} {index * 37}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static (double Microseconds, long Bytes) Measure(TimeProvider time, Func<int> read, int rounds = Rounds)
    {
        var best = double.PositiveInfinity;
        var bytes = long.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var (start, allocated) = (time.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            read();
            best = Math.Min(best, time.GetElapsedTime(start).TotalMicroseconds);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        return (best, bytes);
    }

    private static void Write(TextWriter output, string name, (double Microseconds, long Bytes) cost, (double Microseconds, long Bytes) scan) =>
        output.WriteLine($"{name,-30} {cost.Microseconds,8:0} us {cost.Microseconds / scan.Microseconds,6:0.0} x {(double)cost.Bytes / Series,7:0.0} B a series");
}
