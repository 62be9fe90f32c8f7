using System.Globalization;
using System.Text.Json;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>
/// One Prometheus that scrapes every exposition of this folder, each as the job of its name, and that holds the scrapes of
/// ten minutes of each, exactly on time, as the job <see cref="HistoryOf"/>.
/// </summary>
public sealed class ProfileFleet : IAsyncLifetime
{
    private const int HistoryScrapes = 40;

    private readonly ExpositionServer _server = new();

    public ProfileFleet()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_server.Port}");
        Prometheus = new PrometheusServer([.. ProfileCase.All.Select(expected => new ScrapeJob(expected.Exposition, address)
        {
            MetricsPath = $"/{expected.Exposition}",
            Interval = TimeSpan.FromSeconds(0.5),
        })]);
    }

    public PrometheusServer Prometheus { get; }

    /// <summary>Time between two scrapes of the history.</summary>
    public static TimeSpan HistoryInterval { get; } = TimeSpan.FromSeconds(15);

    /// <summary>The newest scrape of the history: on a step's end.</summary>
    public DateTimeOffset HistoryEnd { get; } =
        DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60 * 60);

    public static string HistoryOf(string exposition) => $"history of {exposition}";

    public async Task InitializeAsync()
    {
        await Prometheus.ImportBlocksAsync(writer =>
        {
            foreach (var expected in ProfileCase.All)
            {
                Exposition.WriteHistory(writer, expected.Exposition, HistoryOf(expected.Exposition), HistoryEnd, HistoryInterval, HistoryScrapes);
            }
        });
        await Prometheus.StartAsync();
        foreach (var expected in ProfileCase.All)
        {
            await Prometheus.WaitForScrapesAsync(expected.Exposition, 2);
        }
    }

    public async Task DisposeAsync()
    {
        await Prometheus.DisposeAsync();
        _server.Dispose();
    }

    /// <summary>Names of the series of a job.</summary>
    internal async Task<IReadOnlySet<string>> MetricNamesAsync(string job)
    {
        var selector = new LabelMatch("job", MatchOperator.Equal, job).ToPromQl();
        var names = await Prometheus.Query.VectorAsync($"count by (__name__) ({{{selector}}})");
        return names.Keys.Select(NameOf).ToHashSet();
    }

    private static string NameOf(string labels)
    {
        using var json = JsonDocument.Parse(labels);
        return json.RootElement.GetProperty("__name__").GetString()!;
    }
}
