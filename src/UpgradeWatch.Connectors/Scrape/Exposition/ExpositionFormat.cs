namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>How a target writes its metrics.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics text, version 1.0; ends with <c># EOF</c>.</summary>
    OpenMetrics,
}
