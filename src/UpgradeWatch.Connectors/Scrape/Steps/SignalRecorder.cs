using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Scrape.Series;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>Turns the samples of a scrape into the numbers of one signal.</summary>
internal sealed class SignalRecorder
{
    private readonly SignalDefinition _signal;
    private readonly List<(SampleRole Role, string Metric, SelectorMatcher Matcher)> _takes = [];
    private readonly BucketSums _buckets = new();
    private SourceFailure? _mistake;
    private CounterSum _all;
    private CounterSum _bad;
    private GaugeSum _value;
    private GaugeSum _per;

    /// <summary>Prepares a signal; when it cannot be read from a scrape, <see cref="Failure"/> says why.</summary>
    public SignalRecorder(SignalDefinition signal)
    {
        _signal = signal;
        Key = SignalKey.Of(signal);
        _mistake = signal.Gauge is { Value: null } ? Refused($"signal {signal.Name} is PromQL, which only Prometheus understands") : null;
        Take(SampleRole.All, signal.All);
        Take(SampleRole.Bad, signal.Bad);
        Take(SampleRole.Bucket, signal.Buckets is null ? [] : [signal.Buckets]);
        Take(SampleRole.Value, signal.Gauge?.Value is { } value ? [value] : []);
        Take(SampleRole.Per, signal.Gauge?.Per is { } per ? [per] : []);
        Failure = _mistake;

        void Take(SampleRole role, IReadOnlyList<Selector> selectors)
        {
            foreach (var selector in selectors)
            {
                if (SelectorMatcher.TryCreate(selector, out var matcher, out var error)) _takes.Add((role, selector.Metric, matcher));
                else _mistake ??= Refused(error);
            }
        }
    }

    /// <summary>Under which its steps are kept.</summary>
    public string Key { get; }

    /// <summary>Why it could not be read in the last scrape; null when it could.</summary>
    public SourceFailure? Failure { get; private set; }

    /// <summary>Whether it was recorded in a scrape before, so that a series that is new to it is new.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Names of the metrics it takes.</summary>
    public IEnumerable<string> Metrics => _takes.Select(take => take.Metric).Distinct();

    /// <summary>As what it takes a series.</summary>
    public IEnumerable<Route> RoutesOf(string metric, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        foreach (var (role, name, matcher) in _takes)
        {
            if (name != metric || !matcher.IsMatch(metric, labels)) continue;

            if (role != SampleRole.Bucket) yield return new Route(this, role, 0);
            else if (TryReadBound(labels, out var bound)) yield return new Route(this, role, bound * _signal.BoundUnitSeconds);
        }
    }

    /// <summary>Begins a scrape.</summary>
    public void Begin()
    {
        _all = default;
        _bad = default;
        _value = default;
        _per = default;
        _buckets.Begin();
    }

    /// <summary>Takes one sample.</summary>
    /// <param name="route">As what.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="increment">What the series gained since its last sample; NaN when that is not known.</param>
    public void Add(Route route, ScrapedSample sample, double increment)
    {
        switch (route.Role)
        {
            case SampleRole.All:
                _all.Add(increment);
                break;
            case SampleRole.Bad:
                _bad.Add(increment);
                break;
            case SampleRole.Bucket:
                _buckets.Add(route.Bound, increment);
                break;
            case SampleRole.Value:
                _value.Add(sample.Series, _signal.Gauge!.IsRate ? increment : sample.Value);
                break;
            default:
                _per.Add(sample.Series, sample.Value);
                break;
        }
    }

    /// <summary>Ends a scrape: writes its numbers into a step.</summary>
    public void End(SignalRing ring, int slot, double stepSeconds)
    {
        IsSettled = true;
        Failure = _mistake ?? Ambiguity();
        if (_signal.Gauge is null) EndEvents(ring, slot);
        else EndGauge(_signal.Gauge, ring, slot, stepSeconds);
    }

    private void EndEvents(SignalRing ring, int slot)
    {
        var row = _signal.Buckets is null ? null : _buckets.End();
        if (_signal.Buckets is not null) ring.AddRow(slot, row);

        var all = _signal.All.Count > 0 ? _all.Value : row?.Counts[^1] ?? double.NaN;
        // A service that has not failed yet has no series of failures.
        var bad = double.IsNaN(all) ? double.NaN : double.IsNaN(_bad.Value) ? 0 : _bad.Value;
        ring.AddEvents(slot, all, bad);
    }

    private void EndGauge(GaugeDefinition gauge, SignalRing ring, int slot, double stepSeconds)
    {
        var value = _value.Value(gauge.Aggregation) / (gauge.Per is null ? 1 : _per.Value(gauge.Aggregation));
        if (!double.IsFinite(value)) value = double.NaN;

        if (gauge.IsRate) ring.AddRate(slot, value / stepSeconds);
        else ring.SetValue(slot, value);
    }

    private SourceFailure? Ambiguity()
    {
        if (_signal.Gauge is not { Aggregation: GaugeAggregation.None }) return null;

        var (first, second) = _value.Second is not null ? (_value.First, _value.Second) : (_per.First, _per.Second);
        return second is null ? null : Refused(
            $"signal {_signal.Name} has more than one series, for instance {Text(first!)} and {Text(second)}; pick one by its labels, or give an aggregation (sum, avg, max, min)");
    }

    private static string Text(ScrapedSeries series) => Shown.Text(series.Key);

    private static bool TryReadBound(IReadOnlyList<KeyValuePair<string, string>> labels, out double bound)
    {
        bound = double.NaN;
        foreach (var (name, value) in labels)
        {
            if (name == "le") return NumberText.TryRead(System.Text.Encoding.UTF8.GetBytes(value), out bound) && !double.IsNaN(bound);
        }

        return false;
    }

    private static SourceFailure Refused(string cause) => new(SourceFailureKind.Refused, $"When a target is scraped directly, {cause.TrimEnd('.')}.");
}
