namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>The series of an instant query with their points as they are.</summary>
internal sealed class PointList : ISampleSink
{
    /// <summary>The series in the order in which they came.</summary>
    public List<PointSeries> Series { get; } = [];

    public void BeginSeries(IReadOnlyDictionary<string, string> labels) => Series.Add(new PointSeries(labels, []));

    public void Add(double seconds, double value) => Series[^1].Points.Add((seconds, value));
}

/// <summary>One series.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Points">Unix times and values.</param>
internal sealed record PointSeries(IReadOnlyDictionary<string, string> Labels, List<(double Seconds, double Value)> Points);
