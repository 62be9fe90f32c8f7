namespace UpgradeWatch.Connectors.Tests.Prometheus.Simulation;

/// <summary>How a service behaves while it is scraped.</summary>
internal sealed record PodScenario
{
    public required TimeSpan Interval { get; init; }

    public string Namespace { get; init; } = "prod";

    /// <summary>Scrapes of the whole past.</summary>
    public int Scrapes { get; init; } = 60;

    public int Pods { get; init; } = 4;

    public double RequestsPerScrape { get; init; } = 40;

    public double ErrorRatio { get; init; } = 0.05;

    /// <summary>Largest deviation of a scrape from its time, as a share of the interval.</summary>
    public double Jitter { get; init; }

    /// <summary>Share of scrapes that are missing, with the sample of <c>up</c>.</summary>
    public double Missed { get; init; }

    /// <summary>Scrape from which on the pods are replaced, one after the other, by pods with other names; null for never.</summary>
    public int? RollingRestartAt { get; init; }

    /// <summary>Scrape at which all processes start again under the same names; null for never.</summary>
    public int? CounterResetAt { get; init; }

    /// <summary>Scrape before which no request fails, so that the error series are created after it.</summary>
    public int FirstErrorAt { get; init; }

    public bool HasUp { get; init; } = true;

    public bool HasProcessStart { get; init; } = true;
}
