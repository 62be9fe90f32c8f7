using UpgradeWatch.Analysis.Numerics;

namespace UpgradeWatch.Analysis.Where;

/// <summary>Whether few values of a label hold a change, or all of them alike.</summary>
internal static class Concentration
{
    /// <summary>So much of the change must be in what is named.</summary>
    public const double Enough = 0.8;

    private const int MostValues = 3;

    /// <summary>A value with less of the change is not worth naming.</summary>
    private const double Least = 0.1;

    /// <summary>The change must be so many times as dense in the named values as in the others.</summary>
    private const double Denser = 4;

    /// <summary>And the others must have so little of it that this is no chance, although the best of many sets of values is looked at.</summary>
    private const double Level = 0.001;

    /// <summary>Values have changed alike when the change is at most so many times as dense in one as in all.</summary>
    private const double Alike = 2;

    /// <summary>A value with less than this share of its even share of the traffic is too small to say whether it changed alike.</summary>
    private const double Visible = 0.2;

    /// <summary>With fewer events off for each value nobody can say that they changed alike.</summary>
    private const double FewestEach = 5;

    /// <summary>Standard deviations of a count by which values may differ and still have changed alike.</summary>
    private const double Noise = 2.5;

    /// <summary>The fewest values that hold the change, and more of it than their share of the traffic; null where there are none.</summary>
    public static LabelPart? Find(string label, LabelTable table, List<LabelGroup> groups) =>
        Named(label, table, groups) ?? AllNew(label, table, groups);

    /// <summary>The label where all its values changed alike; null where they did not.</summary>
    public static LabelPart? Spread(string label, LabelTable table, List<LabelGroup> groups)
    {
        var present = groups.FindAll(group => group.Share > 0);
        var seen = present.FindAll(group => group.Share >= Visible / present.Count);
        return seen.Count > 1 && table.Off >= FewestEach * present.Count && seen.TrueForAll(group => IsAlike(table, group))
            ? new LabelPart { Label = label, Values = [], Share = 1, IsSpread = true, Of = present.Count }
            : null;
    }

    private static bool IsAlike(LabelTable table, LabelGroup group)
    {
        var alike = group.Share * table.Off;
        return (group.Off > alike / Alike && group.Off < alike * Alike) || Math.Abs(group.Off - alike) < Noise * Math.Sqrt(group.Since + 1);
    }

    private static LabelPart? Named(string label, LabelTable table, List<LabelGroup> groups)
    {
        var named = new List<LabelGroup>();
        foreach (var group in groups)
        {
            if (named.Count == MostValues || group.Off < Least * table.Off || group.Value.Length == 0) return null;
            named.Add(group);
            if (named.Sum(one => one.Off) >= Enough * table.Off) break;
        }

        return named.Count > 0 && IsMoreThanItsShare(table, groups, named) ? Part(label, table, groups, named, isNew: false) : null;
    }

    private static LabelPart? AllNew(string label, LabelTable table, List<LabelGroup> groups)
    {
        var added = groups.FindAll(group => group.IsNew && group.Value.Length > 0);
        return added.Count > MostValues && added.Sum(one => one.Off) >= Enough * table.Off && IsMoreThanItsShare(table, groups, added)
            ? Part(label, table, groups, added, isNew: true)
            : null;
    }

    private static LabelPart Part(string label, LabelTable table, List<LabelGroup> groups, List<LabelGroup> named, bool isNew) => new()
    {
        Label = label,
        Values = isNew ? [] : [.. named.Select(group => group.Value)],
        Share = Math.Min(1, named.Sum(group => group.Off) / table.Off),
        IsNew = isNew || named.TrueForAll(group => group.IsNew),
        Of = groups.Count(group => group.Share > 0 || group.Since > 0),
    };

    // What only failures have is worth naming whatever it was before: it says what kind of failures they are.
    private static bool IsMoreThanItsShare(LabelTable table, List<LabelGroup> groups, List<LabelGroup> named)
    {
        if (double.IsNaN(named[0].Share)) return true;
        if (named.Count == groups.Count) return false;

        var share = Math.Min(1, named.Sum(group => group.Share));
        var held = Math.Min(1, named.Sum(group => group.Off) / table.Off);
        if (!(share < 1) || (1 - held) * Denser * share > held * (1 - share)) return false;

        return IsNoChance(table, [.. groups.Except(named)]);
    }

    // Had all changed alike, the others would hold more of the change than they do.
    private static bool IsNoChance(LabelTable table, List<LabelGroup> others)
    {
        var (seen, all) = (others.Sum(group => group.Since), table.Since);
        var alike = others.Sum(group => group.Since + (table.Sign * ((group.Share * table.Off) - group.Off)));
        if (!(all > 0) || alike <= 0) return false;

        var share = Math.Min(1, alike / all);
        return table.Sign > 0
            ? seen < all && Gamma.RegularizedBeta(1 - share, all - seen, seen + 1) < Level
            : seen > 0 && Gamma.RegularizedBeta(share, seen, all - seen + 1) < Level;
    }
}
