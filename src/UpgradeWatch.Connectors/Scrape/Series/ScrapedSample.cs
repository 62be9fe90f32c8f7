namespace UpgradeWatch.Connectors.Scrape.Series;

/// <summary>One number of one series in one scrape.</summary>
internal readonly record struct ScrapedSample(ScrapedSeries Series, double Value);
