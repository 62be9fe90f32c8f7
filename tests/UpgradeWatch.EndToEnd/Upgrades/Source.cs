namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>Through what an UpgradeWatch sees the services.</summary>
public enum Source
{
    /// <summary>The Prometheus that scrapes them.</summary>
    Prometheus,

    /// <summary>Their own metrics, which it scrapes itself.</summary>
    Scrape,
}
