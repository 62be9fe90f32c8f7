using UpgradeWatch.Connectors.Scrape.Steps;

namespace UpgradeWatch.Connectors.Scrape.Series;

/// <summary>One spelling of a series; spellings that differ in the order of labels only share their state.</summary>
internal sealed class ScrapedSeries(byte[] key, ScrapedMetric metric, IReadOnlyList<KeyValuePair<string, string>> labels, SeriesState state)
{
    /// <summary>Name and labels as they are written.</summary>
    public byte[] Key { get; } = key;

    /// <summary>Its metric.</summary>
    public ScrapedMetric Metric { get; set; } = metric;

    /// <summary>Its labels.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; } = labels;

    /// <summary>What it counted up to.</summary>
    public SeriesState State { get; } = state;

    /// <summary>Which signals take it, and as what.</summary>
    public Route[] Routes { get; set; } = [];

    /// <summary>Whether it says when the process started.</summary>
    public bool IsProcessStart => Metric.Name == SignalSet.ProcessStart;

    /// <summary>Whether its values matter.</summary>
    public bool IsNeeded => Routes.Length > 0 || IsProcessStart;

    /// <summary>Number of the pass in which it was read last.</summary>
    public int LastPass { get; set; }

    /// <summary>Its place in the scrape before, from which the next one is guessed; -1 for none.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether a line is one of this series.</summary>
    public bool Begins(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Key)) return false;
        if (Key[^1] == '}') return true;

        // A name without labels must end here, and not have its labels behind a blank.
        var rest = line[Key.Length..];
        return rest is [(byte)' ' or (byte)'\t', ..] && rest.TrimStart(" \t"u8) is not [(byte)'{', ..];
    }
}
