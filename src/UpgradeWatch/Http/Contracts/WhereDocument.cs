using UpgradeWatch.Analysis.Where;

namespace UpgradeWatch.Http.Contracts;

/// <summary>Which part of an SLI a finding is in. Label values are as the metrics have them, cut to 200 characters; whoever shows them has to escape them.</summary>
internal sealed record WhereDocument
{
    /// <summary>One sentence for people; it also ends the reason.</summary>
    public required string Sentence { get; init; }

    /// <summary>Share of the change that is in what the labels name together, 0 to 1; null where it is spread.</summary>
    public required double? Share { get; init; }

    /// <summary>The labels that say something, those that narrow it down first.</summary>
    public required IReadOnlyList<WhereLabelDocument> Labels { get; init; }

    /// <summary>Label values that did not exist before the upgrade; at most 5.</summary>
    public required IReadOnlyList<WhereValueDocument> New { get; init; }

    /// <summary>End of the newest step it rests on; null when not told.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>The document of an explanation.</summary>
    public static WhereDocument Of(Explanation explanation) => new()
    {
        Sentence = explanation.Sentence,
        Share = explanation.Share,
        Labels = [.. explanation.Labels.Select(part => new WhereLabelDocument
        {
            Label = part.Label, Values = part.Values, Share = part.Share, Spread = part.IsSpread, New = part.IsNew, Of = part.Of,
        })],
        New = [.. explanation.New.Select(value => new WhereValueDocument { Label = value.Label, Value = value.Value })],
        Until = explanation.Until,
    };
}

/// <summary>What one label says.</summary>
internal sealed record WhereLabelDocument
{
    /// <summary>Name of the label.</summary>
    public required string Label { get; init; }

    /// <summary>The values that hold the change, at most 3; none where it is spread, or in all new values.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Share of the change in them, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Whether all values of the label changed alike.</summary>
    public required bool Spread { get; init; }

    /// <summary>Whether it is in values that did not exist before the upgrade.</summary>
    public required bool New { get; init; }

    /// <summary>How many values the label has.</summary>
    public required int Of { get; init; }
}

/// <summary>One value of one label.</summary>
internal sealed record WhereValueDocument
{
    /// <summary>Name of the label.</summary>
    public required string Label { get; init; }

    /// <summary>The value.</summary>
    public required string Value { get; init; }
}
