namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>The series of a range query on a grid of steps: points are put where their times say, never by their order.</summary>
/// <param name="grid">The steps.</param>
/// <param name="absent">Value of a step without a point.</param>
internal sealed class Matrix(StepGrid grid, double absent) : ISampleSink
{
    private readonly Dictionary<string, GridSeries> _series = [];
    private GridSeries? _current;

    /// <summary>The series, in the order in which they came.</summary>
    public IReadOnlyCollection<GridSeries> Series => _series.Values;

    /// <summary>Points read.</summary>
    public long Samples { get; private set; }

    public void BeginSeries(IReadOnlyDictionary<string, string> labels)
    {
        var key = string.Join('\u0001', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}\u0002{label.Value}"));
        if (!_series.TryGetValue(key, out _current))
        {
            var values = new double[grid.Count];
            Array.Fill(values, absent);
            _current = new GridSeries(labels, values);
            _series.Add(key, _current);
        }
    }

    public void Add(double seconds, double value)
    {
        var index = grid.IndexOf(seconds);
        if (index < 0)
        {
            throw new ReplyFormatException($"it holds a point at {seconds:0.###}, which was not asked for");
        }

        _current!.Values[index] = value;
        _current.Samples++;
        Samples++;
    }
}

/// <summary>One series on a grid.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Values">A value for each step.</param>
internal sealed record GridSeries(IReadOnlyDictionary<string, string> Labels, double[] Values)
{
    /// <summary>Steps that had a point.</summary>
    public int Samples { get; set; }
}
