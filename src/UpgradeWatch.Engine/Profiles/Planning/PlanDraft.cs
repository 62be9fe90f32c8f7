namespace UpgradeWatch.Engine.Profiles;

/// <summary>A plan while it is put together.</summary>
internal sealed class PlanDraft(SourceFacts facts, IReadOnlyList<LabelMatch> matches)
{
    private readonly List<string> _leftOut = [];
    private readonly List<string> _remarks = [];

    public List<SignalDefinition> Signals { get; } = [];

    public List<SliDefinition> Slis { get; } = [];

    /// <summary>Label matchers of the target.</summary>
    public IReadOnlyList<LabelMatch> Matches => matches;

    /// <summary>Adds what the target has of a profile.</summary>
    public void Add(Profile profile)
    {
        AddRequests(profile);
        foreach (var gauge in profile.Gauges.GroupBy(gauge => gauge.Signal.Name))
        {
            if (gauge.FirstOrDefault(way => way.Signal.Exists(facts.MetricNames)) is { } found)
            {
                Add(found.Signal, [SliDefaults.OfSaturation(found)]);
            }
            else
            {
                LeaveOut(gauge.Key, gauge.Select(way => way.Signal.MainMetric()));
            }
        }
    }

    /// <summary>Adds a signal, with the target's labels, and the SLIs it feeds.</summary>
    public void Add(SignalDefinition signal, IEnumerable<SliDefinition> slis)
    {
        Signals.Add(signal.With(matches));
        Slis.AddRange(slis);
    }

    /// <summary>Says that something could not be had.</summary>
    public void LeaveOut(string name, IEnumerable<string> metrics) => _leftOut.Add($"{name} (no {string.Join(" or ", metrics.Distinct())})");

    /// <summary>Adds a sentence to the explanation.</summary>
    public void Remark(string sentence) => _remarks.Add(sentence);

    public void DropUnusedSignals() => Signals.RemoveAll(signal => Slis.All(sli => sli.Signal != signal.Name));

    /// <summary>Sentences on what was left out and what else is worth knowing.</summary>
    public IEnumerable<string> Notes()
    {
        if (_leftOut.Count > 0) yield return $"Left out: {string.Join(", ", _leftOut)}.";

        foreach (var remark in _remarks) yield return remark;
    }

    private void AddRequests(Profile profile)
    {
        if (profile.Requests.FirstOrDefault(way => way.Exists(facts.MetricNames)) is not { } found)
        {
            LeaveOut("requests", profile.Requests.Select(way => way.MainMetric()));
            return;
        }

        var signal = found.OnlyExisting(facts.MetricNames);
        Add(signal, SliDefaults.OfRequests(signal, profile.TrafficUnit));
        var histograms = profile.Requests.Where(way => way.Buckets is not null).Select(way => way.Buckets!.Metric).ToList();
        if (signal.Buckets is not null || histograms.Count == 0) return;

        LeaveOut(SliDefaults.Latency, histograms);
        if (profile.LatencyAdvice is not null) Remark($"For the latency, {profile.LatencyAdvice}.");
    }
}
