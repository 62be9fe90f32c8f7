namespace UpgradeWatch.Analysis.Where;

/// <summary>Which part of an SLI a change is in. Bounded in size: few labels, few values, values cut to 200 characters.</summary>
public sealed record Explanation
{
    /// <summary>It in one sentence, for people.</summary>
    public required string Sentence { get; init; }

    /// <summary>Share of the change that is in what the labels name together, 0 to 1; null where they name nothing and it is spread.</summary>
    public double? Share { get; init; }

    /// <summary>The labels that say something, those that narrow it down first.</summary>
    public required IReadOnlyList<LabelPart> Labels { get; init; }

    /// <summary>Values that did not exist before the upgrade; at most 5.</summary>
    public required IReadOnlyList<LabelValue> New { get; init; }

    /// <summary>End of the newest step it rests on; null when not told.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What one label says.</summary>
public sealed record LabelPart
{
    /// <summary>Name of the label.</summary>
    public required string Label { get; init; }

    /// <summary>The values that hold the change, most of it first; at most 3, or none where it is spread or in all new values.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Share of the change in them, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Whether all values of the label changed alike.</summary>
    public bool IsSpread { get; init; }

    /// <summary>Whether it is in those values that did not exist before the upgrade, as new pods.</summary>
    public bool IsNew { get; init; }

    /// <summary>How many values the label has.</summary>
    public required int Of { get; init; }
}

/// <summary>One value of one label.</summary>
/// <param name="Label">Name of the label.</param>
/// <param name="Value">The value.</param>
public sealed record LabelValue(string Label, string Value);
