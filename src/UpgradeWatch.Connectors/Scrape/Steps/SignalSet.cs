using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>The signals that are recorded of one target. It only grows: an open upgrade may need what the configuration no longer names.</summary>
internal sealed class SignalSet
{
    /// <summary>The metric that says when the process started.</summary>
    public const string ProcessStart = "process_start_time_seconds";

    private readonly Dictionary<string, SignalRecorder> _signals = [];
    private readonly Dictionary<string, List<SignalRecorder>> _byMetric = new() { [ProcessStart] = [] };

    /// <summary>The signals.</summary>
    public IReadOnlyCollection<SignalRecorder> All => _signals.Values;

    /// <summary>Records a signal too; false when it is recorded already.</summary>
    public bool Add(SignalDefinition signal)
    {
        var recorder = new SignalRecorder(signal);
        if (!_signals.TryAdd(recorder.Key, recorder)) return false;

        foreach (var metric in recorder.Metrics)
        {
            if (!_byMetric.TryGetValue(metric, out var recorders)) _byMetric.Add(metric, recorders = []);
            recorders.Add(recorder);
        }

        return true;
    }

    /// <summary>The signal with this key; null when it is not recorded.</summary>
    public SignalRecorder? Find(string key) => _signals.GetValueOrDefault(key);

    /// <summary>Whether any signal takes series of this metric.</summary>
    public bool Needs(string metric) => _byMetric.ContainsKey(metric);

    /// <summary>Which signals take a series, and as what.</summary>
    public Route[] RoutesOf(string metric, IReadOnlyList<KeyValuePair<string, string>> labels) =>
        _byMetric.TryGetValue(metric, out var recorders) ? [.. recorders.SelectMany(signal => signal.RoutesOf(metric, labels))] : [];
}
