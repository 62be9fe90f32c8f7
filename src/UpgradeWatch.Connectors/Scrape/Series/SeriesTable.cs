using System.Text;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Scrape.Steps;

namespace UpgradeWatch.Connectors.Scrape.Series;

/// <summary>
/// The metrics and the needed series of one target across its scrapes. A target writes its series in the same order
/// every time, so the next one is guessed first and looked up only when the guess is wrong.
/// </summary>
internal sealed class SeriesTable(SignalSet signals)
{
    private const int PassesBetweenSweeps = 64;
    private const int MostSeries = 200_000;

    private readonly Dictionary<byte[], ScrapedMetric> _metrics = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], ScrapedSeries> _series = new(BytesComparer.Instance);
    private readonly Dictionary<UInt128, SeriesState> _states = [];
    private List<ScrapedSeries> _order = [];
    private List<ScrapedSeries> _nextOrder = [];
    private ScrapedMetric? _lastMetric;
    private int _place;

    /// <summary>Number of the pass over a body, from 1; one that failed, and a second one over the same body, count too.</summary>
    public int Pass { get; private set; }

    /// <summary>Whether the last body that was read to its end had a metric that the one before had not, or lacked one.</summary>
    public bool NamesChanged { get; private set; }

    /// <summary>Names of the metrics in the last body that was read to its end, in order; never changed, but replaced.</summary>
    public IReadOnlyList<string> MetricNames { get; private set; } = [];

    /// <summary>Begins a pass.</summary>
    public void Begin()
    {
        Pass++;
        _place = 0;
        _lastMetric = null;
        _nextOrder.Clear();
    }

    /// <summary>Ends a pass that came to the end of its body.</summary>
    public void End()
    {
        (_order, _nextOrder) = (_nextOrder, _order);
        for (var place = 0; place < _order.Count; place++) _order[place].Place = place;

        NamesChanged = false;
        foreach (var (key, metric) in _metrics)
        {
            var isPresent = metric.LastPass == Pass;
            NamesChanged |= isPresent != metric.IsPresent;
            if (isPresent && !metric.IsPresent) metric.AppearedIn = Pass;
            if (!isPresent) _metrics.Remove(key);

            metric.IsPresent = isPresent;
        }

        if (NamesChanged) MetricNames = [.. _metrics.Values.Select(metric => metric.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>The series that comes next if the order is that of the scrape before and the line says so; null otherwise.</summary>
    public ScrapedSeries? Expected(ReadOnlySpan<byte> line)
    {
        if (_place >= _order.Count || !_order[_place].Begins(line)) return null;

        var series = _order[_place];
        series.Metric.LastPass = Pass;
        Took(series);
        return series;
    }

    /// <summary>The metric of a name.</summary>
    public ScrapedMetric Metric(ReadOnlySpan<byte> name)
    {
        // Lines of one metric follow each other.
        if (_lastMetric is null || !name.SequenceEqual(_lastMetric.Bytes)) _lastMetric = FindMetric(name);

        _lastMetric.LastPass = Pass;
        return _lastMetric;
    }

    /// <summary>Finds or makes the series with this key.</summary>
    /// <param name="key">Name and labels as they are written.</param>
    /// <param name="metric">Its metric.</param>
    /// <param name="open">Index of the opening brace in the key; -1 for none.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="series">The series.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Find(ReadOnlySpan<byte> key, ScrapedMetric metric, int open, ExpositionLimits limits, out ScrapedSeries? series)
    {
        if (!_series.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out series))
        {
            var labels = new List<KeyValuePair<string, string>>();
            var problem = open < 0 ? null : LabelText.Read(key, open, limits, labels);
            if (problem is not null) return problem;

            series = Add(key.ToArray(), metric, labels);
        }

        series.Metric = metric;
        Took(series);
        return null;
    }

    /// <summary>Works out again who takes which series, after the signals have changed.</summary>
    public void Reroute()
    {
        foreach (var metric in _metrics.Values) metric.IsNeeded = signals.Needs(metric.Name);
        foreach (var series in _series.Values) series.Routes = signals.RoutesOf(series.Metric.Name, series.Labels);
    }

    /// <summary>Forgets series whose last value is older than a time and which are no longer exposed; called after every scrape.</summary>
    /// <param name="before">Seconds of Unix time.</param>
    public void Sweep(double before)
    {
        var isFull = _series.Count > MostSeries;
        if (Pass % PassesBetweenSweeps != 0 && !isFull) return;

        foreach (var (key, series) in _series)
        {
            if (series.LastPass != Pass && (isFull || series.State.At < before)) _series.Remove(key);
        }

        var live = _series.Values.Select(series => series.State).ToHashSet();
        foreach (var (identity, state) in _states)
        {
            if (!live.Contains(state)) _states.Remove(identity);
        }
    }

    private void Took(ScrapedSeries series)
    {
        series.LastPass = Pass;
        // One that was not there before stands between two that were.
        if (series.Place >= 0) _place = series.Place + 1;
        _nextOrder.Add(series);
    }

    private ScrapedMetric FindMetric(ReadOnlySpan<byte> name)
    {
        var byName = _metrics.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (byName.TryGetValue(name, out var known)) return known;

        var text = Encoding.ASCII.GetString(name);
        var metric = new ScrapedMetric(text, name.ToArray()) { IsNeeded = signals.Needs(text) };
        _metrics.Add(metric.Bytes, metric);
        return metric;
    }

    private ScrapedSeries Add(byte[] key, ScrapedMetric metric, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var identity = SeriesIdentity.Of(metric.Name, labels);
        if (!_states.TryGetValue(identity, out var state)) _states.Add(identity, state = new SeriesState());

        var series = new ScrapedSeries(key, metric, labels, state) { Routes = signals.RoutesOf(metric.Name, labels) };
        _series.Add(key, series);
        return series;
    }
}
