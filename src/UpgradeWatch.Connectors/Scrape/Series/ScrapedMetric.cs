namespace UpgradeWatch.Connectors.Scrape.Series;

/// <summary>A metric name that a target exposes.</summary>
internal sealed class ScrapedMetric(string name, byte[] bytes)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The name as it is written.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Whether any signal takes series of this name.</summary>
    public bool IsNeeded { get; set; }

    /// <summary>Number of the pass in which it was read last.</summary>
    public int LastPass { get; set; }

    /// <summary>Whether it was in the last body that was read to its end.</summary>
    public bool IsPresent { get; set; }

    /// <summary>Number of the pass in which it appeared, the one before having lacked it.</summary>
    public int AppearedIn { get; set; }
}
