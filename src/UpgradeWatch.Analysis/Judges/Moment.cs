namespace UpgradeWatch.Analysis.Judges;

/// <summary>Where in the upgrade an evaluation stands.</summary>
public enum Stage
{
    /// <summary>In <c>upgrading</c> (or rolling back): may fail, never pass.</summary>
    Upgrading,

    /// <summary>In <c>post-upgrade</c>, the window is open.</summary>
    Watching,

    /// <summary>The observation window has closed: what is still pending must be decided.</summary>
    Closed,
}

/// <summary>What an evaluation knows beside the steps.</summary>
/// <param name="UpgradedAt">The time of the upgrade, for sentences such as "5 min after the upgrade".</param>
/// <param name="Stage">Where the upgrade stands.</param>
/// <param name="SourceFailure">Why the source could not be read, or null when it was read in full.</param>
/// <param name="SimilarNames">Metrics with names like the vanished one that appeared since, for the sentence.</param>
public readonly record struct Moment(
    DateTimeOffset UpgradedAt,
    Stage Stage,
    string? SourceFailure = null,
    IReadOnlyList<string>? SimilarNames = null);
