using System.Globalization;
using System.Text;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>
/// A file of this folder, as a producer prints it. What it says happens between two scrapes: counters and histograms
/// show that many times as much as they have been scraped, gauges stay as they are.
/// </summary>
internal static class Exposition
{
    /// <summary>Counts the scrapes of a target, beside what its file says.</summary>
    public const string Scrapes = "exposition_scrapes_total";

    /// <summary>What is seen at one scrape, counted from 1.</summary>
    public static string Text(string name, int scrape)
    {
        var text = new StringBuilder();
        foreach (var (line, grows) in Lines(name))
        {
            text.Append(line.StartsWith('#') ? line : Format(Parse(line), grows ? scrape : 1)).Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"# TYPE {Scrapes} counter\n{Scrapes} {scrape}\n").ToString();
    }

    /// <summary>Writes the scrapes of an instance, the newest at <paramref name="end"/>.</summary>
    public static void WriteHistory(OpenMetricsWriter writer, string name, string job, DateTimeOffset end, TimeSpan interval, int scrapes)
    {
        var target = OpenMetricsWriter.Labels(("instance", "pod-1:8080"), ("job", job));
        for (var scrape = 1; scrape <= scrapes; scrape++)
        {
            var at = end - (interval * (scrapes - scrape));
            writer.Sample("up", target, at, 1);
            foreach (var (line, grows) in Lines(name).Where(candidate => !candidate.Line.StartsWith('#')))
            {
                var sample = Parse(line);
                writer.Sample(sample.Name, sample.Labels.Length == 0 ? target : $"{sample.Labels},{target}", at, sample.Value * (grows ? scrape : 1));
            }
        }
    }

    private static IEnumerable<(string Line, bool Grows)> Lines(string name)
    {
        var grows = false;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Profiles", name + ".prom")))
        {
            if (line.StartsWith("# TYPE", StringComparison.Ordinal)) grows = Grows(line);

            if (line != "# EOF") yield return (line, grows);
        }
    }

    // .NET declares the length of its queue as a counter though it is a level.
    private static bool Grows(string typeLine) =>
        !typeLine.EndsWith(" gauge", StringComparison.Ordinal) && !typeLine.Contains("queue_length", StringComparison.Ordinal);

    private static (string Name, string Labels, double Value) Parse(string line)
    {
        var space = line.LastIndexOf(' ');
        var brace = line.IndexOf('{', StringComparison.Ordinal);
        var value = double.Parse(line.AsSpan(space), CultureInfo.InvariantCulture);
        return brace < 0 ? (line[..space], "", value) : (line[..brace], line[(brace + 1)..(space - 1)], value);
    }

    private static string Format((string Name, string Labels, double Value) sample, int times) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.Name}{{{sample.Labels}}} {sample.Value * times}");
}
