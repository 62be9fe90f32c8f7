namespace UpgradeWatch.Analysis.Where;

/// <summary>Says which part of an SLI a change is in: the fewest label values that hold it, and what is new.</summary>
public static class Explainer
{
    private const int MostNew = 5;
    private const int MostSpread = 3;

    /// <summary>So many events make a new value worth naming.</summary>
    private const double FewestNew = 3;

    private const int LongestValue = 200;

    /// <summary>Explains a change; null where the numbers say nothing that would help.</summary>
    /// <param name="breakdown">What happened before and since.</param>
    /// <param name="isDown">Whether there are too few events (traffic that is missing) instead of too many.</param>
    /// <exception cref="ArgumentException">A row has not one value for each label.</exception>
    public static Explanation? Explain(Breakdown breakdown, bool isDown)
    {
        ArgumentNullException.ThrowIfNull(breakdown);
        if (breakdown.Events.Concat(breakdown.Exposures).Any(row => row.Values.Count != breakdown.Labels.Count))
            throw new ArgumentException($"Every row needs one value for each of the {breakdown.Labels.Count} labels.", nameof(breakdown));

        var table = new LabelTable(breakdown, isDown);
        var labels = Distinct(breakdown);
        List<LabelValue> added = table.HasBefore && !isDown ? [.. New(breakdown, table, labels).Take(MostNew)] : [];
        var named = table.Off > 0 ? Named(breakdown, table, labels) : [];
        var inside = named.Aggregate(table, (rest, part) => rest.With(IndexOf(breakdown, part), ValuesOf(breakdown, rest, part)));
        var spread = table.Off > 0 ? Spread(breakdown, inside, labels, named) : [];
        if (named.Count == 0 && spread.Count == 0 && added.Count == 0)
            return null;

        double? share = named.Count > 0 ? Math.Clamp(inside.Off / table.Off, 0, 1) : null;
        return new Explanation
        {
            Sentence = WhereSentence.Of(share, named, spread, added),
            Share = share,
            Labels = [.. named.Concat(spread).Select(part => part with { Values = [.. part.Values.Select(Cut)] })],
            New = [.. added.Select(value => value with { Value = Cut(value.Value) })],
        };
    }

    // A label that no series has says nothing, nor one that only repeats an earlier one, as the pod's address does its name.
    private static List<int> Distinct(Breakdown breakdown)
    {
        List<int> kept = [];
        for (var label = 0; label < breakdown.Labels.Count; label++)
        {
            var isThere = breakdown.Events.Concat(breakdown.Exposures).Any(row => row.Values[label].Length > 0);
            if (isThere && !kept.Exists(earlier => Repeats(breakdown, label, earlier))) kept.Add(label);
        }

        return kept;
    }

    private static bool Repeats(Breakdown breakdown, int label, int earlier)
    {
        var pairs = breakdown.Events.Concat(breakdown.Exposures).Select(row => (row.Values[label], row.Values[earlier])).ToHashSet();
        return pairs.Count > 0
            && pairs.Select(pair => pair.Item1).Distinct().Count() == pairs.Count
            && pairs.Select(pair => pair.Item2).Distinct().Count() == pairs.Count
            && !pairs.Any(pair => pair.Item1.Length == 0 != (pair.Item2.Length == 0));
    }

    /// <summary>The labels of which few values hold the change, as many of them as hold it together.</summary>
    private static List<LabelPart> Named(Breakdown breakdown, LabelTable table, List<int> labels)
    {
        List<LabelPart> named = [];
        foreach (var label in labels)
        {
            var groups = table.By(label);
            if (groups.Count > 0 && Concentration.Find(breakdown.Labels[label], table, groups) is { } part) named.Add(part);
        }

        while (named.Count > 1 && Together(named).Off < Concentration.Enough * table.Off)
            named.Remove(named.MinBy(part => part.Share)!);
        return named;

        LabelTable Together(List<LabelPart> parts) =>
            parts.Aggregate(table, (rest, part) => rest.With(IndexOf(breakdown, part), ValuesOf(breakdown, table, part)));
    }

    // Inside what is named the places it is on are told; where nothing is named, what it is not about.
    private static List<LabelPart> Spread(Breakdown breakdown, LabelTable inside, List<int> labels, List<LabelPart> named)
    {
        List<LabelPart> spread = [];
        foreach (var label in labels)
        {
            var name = breakdown.Labels[label];
            if (spread.Count == MostSpread) break;
            if (named.Exists(part => part.Label == name) || (named.Count > 0 && !LabelWords.IsPlace(name))) continue;
            if (Concentration.Spread(name, inside, inside.By(label)) is { } part) spread.Add(part);
        }

        return spread;
    }

    private static IEnumerable<LabelValue> New(Breakdown breakdown, LabelTable table, List<int> labels) => labels
        .Where(label => !LabelWords.IsPlace(breakdown.Labels[label]))
        .SelectMany(label => table.By(label)
            .Where(group => group.IsNew && group.Value.Length > 0 && group.Since >= FewestNew)
            .Select(group => (group.Since, Value: new LabelValue(breakdown.Labels[label], group.Value))))
        .OrderByDescending(value => value.Since)
        .Select(value => value.Value);

    private static int IndexOf(Breakdown breakdown, LabelPart part) => breakdown.Labels.ToList().IndexOf(part.Label);

    private static HashSet<string> ValuesOf(Breakdown breakdown, LabelTable table, LabelPart part) => part.Values.Count > 0
        ? [.. part.Values]
        : [.. table.By(IndexOf(breakdown, part)).Where(group => group.IsNew).Select(group => group.Value)];

    private static string Cut(string value) => value.Length <= LongestValue ? value : $"{value[..(LongestValue - 1)]}…";
}
