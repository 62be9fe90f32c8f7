using UpgradeWatch.Analysis.Where;

namespace UpgradeWatch.Analysis.Tests.Where;

/// <summary>A breakdown of a shop's requests, put together part by part.</summary>
internal sealed class Shop(params string[] labels)
{
    private readonly List<LabelledCount> _events = [];
    private readonly List<LabelledCount> _exposures = [];

    /// <summary>Adds events; a value for each label.</summary>
    public Shop Events(double before, double since, params string[] values)
    {
        _events.Add(new LabelledCount(values, before, since));
        return this;
    }

    /// <summary>Adds what they are events of.</summary>
    public Shop Requests(double before, double since, params string[] values)
    {
        _exposures.Add(new LabelledCount(values, before, since));
        return this;
    }

    public Breakdown Build() => new()
    {
        Labels = labels,
        Events = _events,
        Exposures = _exposures,
        SecondsBefore = 3600,
        SecondsSince = 600,
    };

    public Explanation? Explain(bool isDown = false) => Explainer.Explain(Build(), isDown);

    public string? Sentence(bool isDown = false) => Explain(isDown)?.Sentence;
}
