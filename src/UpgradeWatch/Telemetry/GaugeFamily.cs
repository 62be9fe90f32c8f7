using Prometheus;

namespace UpgradeWatch.Telemetry;

/// <summary>A gauge whose label values come and go: what was not set since the last sweep is no longer exposed.</summary>
internal sealed class GaugeFamily
{
    private readonly Gauge _gauge;
    private readonly HashSet<LabelKey> _set = [];
    private readonly HashSet<LabelKey> _shown = [];

    /// <summary>Makes it in a registry.</summary>
    public GaugeFamily(MetricFactory metrics, string name, string help, params string[] labels) =>
        _gauge = metrics.CreateGauge(name, help, labels);

    /// <summary>Sets one value; a value that does not exist is not exposed.</summary>
    public void Set(double? value, params string[] labels)
    {
        if (value is not { } number || !double.IsFinite(number)) return;
        _gauge.WithLabels(labels).Set(number);
        _set.Add(new LabelKey(labels));
    }

    /// <summary>Sets one series for each of the states: 1 for the one that holds, 0 for the others.</summary>
    public void SetState(IReadOnlyList<string> states, string state, params string[] labels)
    {
        foreach (var other in states) Set(other == state ? 1 : 0, [.. labels, other]);
    }

    /// <summary>Takes away what was not set since the last sweep.</summary>
    public void Sweep()
    {
        foreach (var gone in _shown)
        {
            if (!_set.Contains(gone)) _gauge.RemoveLabelled(gone.Values);
        }

        _shown.Clear();
        _shown.UnionWith(_set);
        _set.Clear();
    }

    /// <summary>Label values as a key.</summary>
    private readonly struct LabelKey(string[] values) : IEquatable<LabelKey>
    {
        public string[] Values { get; } = values;

        public bool Equals(LabelKey other) => Values.AsSpan().SequenceEqual(other.Values);

        public override bool Equals(object? obj) => obj is LabelKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var value in Values) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
