namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Takes the samples of a reply as they are read.</summary>
internal interface ISampleSink
{
    /// <summary>The samples that follow belong to the series with these labels.</summary>
    void BeginSeries(IReadOnlyDictionary<string, string> labels);

    /// <summary>One sample. Native histograms come as NaN.</summary>
    /// <param name="seconds">Unix time.</param>
    /// <param name="value">The value, which may be NaN or infinite.</param>
    void Add(double seconds, double value);
}
