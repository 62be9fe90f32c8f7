namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>One scrape job of a <see cref="PrometheusServer"/>.</summary>
/// <param name="Name">The value of the <c>job</c> label.</param>
/// <param name="Targets">Addresses as <c>host:port</c>.</param>
public sealed record ScrapeJob(string Name, params IReadOnlyList<string> Targets)
{
    /// <summary>Labels put on all series of the job.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Time between two scrapes, at least 100 ms.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the target exposes its metrics.</summary>
    public string MetricsPath { get; init; } = "/metrics";

    /// <summary>Whether labels of the exposition win against those of the scrape.</summary>
    public bool HonorLabels { get; init; }
}
