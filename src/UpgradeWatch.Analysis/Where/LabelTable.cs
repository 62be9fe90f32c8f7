namespace UpgradeWatch.Analysis.Where;

/// <summary>A breakdown, or the part of it with certain label values, as it is counted.</summary>
internal sealed class LabelTable
{
    private readonly Breakdown _all;
    private readonly bool _isDown;
    private readonly IReadOnlyList<LabelledCount> _events;
    private readonly IReadOnlyList<LabelledCount> _exposures;

    public LabelTable(Breakdown all, bool isDown)
        : this(all, isDown, all.Events, all.Exposures)
    {
    }

    private LabelTable(Breakdown all, bool isDown, IReadOnlyList<LabelledCount> events, IReadOnlyList<LabelledCount> exposures)
    {
        (_all, _isDown, _events, _exposures) = (all, isDown, events, exposures);
        Before = events.Sum(row => row.Before);
        Since = events.Sum(row => row.Since);
        ExposureBefore = IsTraffic ? all.SecondsBefore : exposures.Sum(row => row.Before);
        Exposure = IsTraffic ? all.SecondsSince : exposures.Sum(row => row.Since);
    }

    public double Before { get; }

    public double Since { get; }

    public double ExposureBefore { get; }

    public double Exposure { get; }

    /// <summary>Whether anything is known from before.</summary>
    public bool HasBefore => ExposureBefore > 0;

    /// <summary>How many events more (downwards: fewer) there are than at the rate before.</summary>
    public double Off => Sign * (Since - Rate * Exposure);

    /// <summary>1 where more is bad, -1 where fewer is.</summary>
    public int Sign => _isDown ? -1 : 1;

    public bool IsTraffic => _all.Exposures.Count == 0;

    private double Rate => HasBefore ? Before / ExposureBefore : 0;

    /// <summary>Whether requests can be told apart by a label: not by what only failures have, such as their status.</summary>
    public bool Divides(int label) => !IsTraffic && _all.Exposures.Any(row => row.Values[label].Length > 0);

    /// <summary>The rows whose value of a label is one of these.</summary>
    public LabelTable With(int label, IReadOnlySet<string> values)
    {
        List<LabelledCount> events = [.. _events.Where(row => values.Contains(row.Values[label]))];
        return new LabelTable(_all, _isDown, events, Divides(label) ? [.. _exposures.Where(row => values.Contains(row.Values[label]))] : _exposures);
    }

    /// <summary>The values of a label, those that are most off first; none where no series has it.</summary>
    public List<LabelGroup> By(int label)
    {
        var divides = Divides(label);
        var events = Sum(_events, label);
        var exposures = divides ? Sum(_exposures, label) : [];
        List<LabelGroup> groups = [];
        foreach (var value in events.Keys.Union(exposures.Keys))
        {
            var (before, since) = events.GetValueOrDefault(value);
            var reach = exposures.GetValueOrDefault(value);
            var expected = divides ? RateOf(before, reach.Before) * reach.Since : HasBefore ? before * Exposure / ExposureBefore : 0;
            var share = divides ? reach.Since / Exposure : IsTraffic ? before / Before : double.NaN;
            groups.Add(new LabelGroup(value, before, since, Sign * (since - expected), share, HasBefore && before == 0 && reach.Before == 0));
        }

        groups.Sort((a, b) => b.Off != a.Off ? b.Off.CompareTo(a.Off) : string.CompareOrdinal(a.Value, b.Value));
        return groups.TrueForAll(group => group.Value.Length == 0) ? [] : groups;
    }

    // One event more at the rate of all: of a value with few requests before, little is known.
    private double RateOf(double before, double exposure) => Rate > 0 ? (before + 1) / (exposure + (1 / Rate)) : 0;

    private static Dictionary<string, (double Before, double Since)> Sum(IReadOnlyList<LabelledCount> rows, int label)
    {
        var sums = new Dictionary<string, (double Before, double Since)>();
        foreach (var row in rows)
        {
            var (before, since) = sums.GetValueOrDefault(row.Values[label]);
            sums[row.Values[label]] = (before + row.Before, since + row.Since);
        }

        return sums;
    }
}
