using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Http;

/// <summary>What a gate answers: a status code and one sentence.</summary>
internal readonly record struct Gate(int Status, string Sentence)
{
    private const int TooEarly = 425;

    /// <summary>Decides from a verdict.</summary>
    /// <param name="upgrade">The upgrade as it is to be answered now.</param>
    /// <param name="untilFinal">Whether it stays closed until the verdict is final, or fails.</param>
    public static Gate Of(Upgrade upgrade, bool untilFinal)
    {
        var verdict = upgrade.Verdict;
        return verdict.Status switch
        {
            FindingStatus.Fail => new(StatusCodes.Status409Conflict, verdict.Summary),
            // Somebody knew better than the metrics: nothing goes on with a version that is taken back.
            FindingStatus.Pass or FindingStatus.Warn when upgrade.Phase is Phase.RollingBack or Phase.RolledBack =>
                new(StatusCodes.Status409Conflict, $"It was taken back ({upgrade.Phase.ToText()}). {verdict.Summary}"),
            _ when untilFinal && !verdict.Final => new(TooEarly, $"Not final yet. {verdict.Summary}"),
            FindingStatus.Inconclusive => new(StatusCodes.Status424FailedDependency, verdict.Summary),
            FindingStatus.Pass => new(StatusCodes.Status200OK, verdict.Summary),
            // Unlike a pass it may be said at any time, and a gate does not open after three samples.
            FindingStatus.Warn when !verdict.Final && !WindowRules.MinimumReached(upgrade, verdict.ObservedUntil) =>
                new(TooEarly, $"Too early to open. {verdict.Summary}"),
            FindingStatus.Warn => new(StatusCodes.Status200OK, verdict.Summary),
            _ => new(TooEarly, verdict.Summary),
        };
    }
}
