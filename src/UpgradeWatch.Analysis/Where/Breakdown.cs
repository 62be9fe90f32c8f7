namespace UpgradeWatch.Analysis.Where;

/// <summary>
/// What happened before an upgrade and since a finding began, by the values of some labels: one row for each
/// combination of values that was seen.
/// </summary>
public sealed record Breakdown
{
    /// <summary>Names of the labels, those first that say most; a row's values are in this order.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What the finding is about: bad requests, slow requests, or for traffic all requests.</summary>
    public required IReadOnlyList<LabelledCount> Events { get; init; }

    /// <summary>
    /// What they are events of; a label that only the events have is empty here. None for traffic, where it is time.
    /// </summary>
    public required IReadOnlyList<LabelledCount> Exposures { get; init; }

    /// <summary>Length of the time before in seconds.</summary>
    public required double SecondsBefore { get; init; }

    /// <summary>Length of the time since in seconds.</summary>
    public required double SecondsSince { get; init; }

    /// <summary>How many samples were fetched for it.</summary>
    public long Samples { get; init; }
}

/// <summary>Counts of one combination of label values.</summary>
/// <param name="Values">The values; empty where a series has no such label.</param>
/// <param name="Before">Count before the upgrade.</param>
/// <param name="Since">Count since the finding began.</param>
public sealed record LabelledCount(IReadOnlyList<string> Values, double Before, double Since);
