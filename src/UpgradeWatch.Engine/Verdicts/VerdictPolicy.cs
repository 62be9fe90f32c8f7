using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Engine.Verdicts;

/// <summary>What the policy knows beside the findings.</summary>
/// <param name="Watching">Whether <c>post-upgrade</c> has been reached.</param>
/// <param name="MinimumReached">Whether it has been watched for long enough to say pass.</param>
/// <param name="Closed">Whether the observation window has closed.</param>
/// <param name="BaselineUnhealthy">Whether the end of the baseline was itself abnormal.</param>
/// <param name="HasFailed">Whether a verdict of this upgrade has been <c>fail</c> before.</param>
/// <param name="PassNote">A sentence on what was looked at, for a pass.</param>
public readonly record struct VerdictFacts(
    bool Watching,
    bool MinimumReached,
    bool Closed,
    bool BaselineUnhealthy,
    bool HasFailed,
    string PassNote);

/// <summary>From findings to the verdict: a pure function of them and of where the upgrade stands.</summary>
public static class VerdictPolicy
{
    /// <summary>The verdict: the first that holds of fail, inconclusive, warn, pending, pass.</summary>
    public static Verdict Decide(IReadOnlyList<Finding> findings, in VerdictFacts facts)
    {
        var (status, code, summary) = FirstThatHolds([.. findings.Where(f => f.Acknowledged is null)], facts);
        var acknowledged = VerdictText.Acknowledged(findings);
        if (status != FindingStatus.Warn && NothingIsLeft(findings)) (status, code, summary) = Undecided(facts);
        return new Verdict
        {
            Status = status,
            // A pass that a person had a hand in is told from one that nobody had.
            Code = acknowledged.Length > 0 && status == FindingStatus.Pass ? FindingCodes.Acknowledged : code,
            Summary = acknowledged.Length > 0 ? $"{summary} {acknowledged}" : summary,
            Final = facts.Closed,
            BaselineUnhealthy = facts.BaselineUnhealthy,
            Findings = [.. findings.OrderByDescending(Weight)],
        };
    }

    /// <summary>Whether two verdicts are the same for whoever waits for a change: status, code, final, flagged, and each finding's status and code.</summary>
    public static bool SameForReaders(Verdict a, Verdict b) =>
        a.Status == b.Status && a.Code == b.Code && a.Final == b.Final && a.Flagged == b.Flagged && a.Findings.Count == b.Findings.Count &&
        a.Findings.All(x => b.Findings.Any(y => y.Sli == x.Sli && y.Result.Status == x.Result.Status && y.Code == x.Code));

    private static bool NothingIsLeft(IReadOnlyList<Finding> findings) =>
        findings.Any(f => f.Critical) && !findings.Any(f => f.Critical && f.Acknowledged is null);

    // With everything that can fail it acknowledged there is no ground for a pass.
    private static (FindingStatus Status, string Code, string Summary) Undecided(in VerdictFacts facts) =>
        (facts.Closed ? FindingStatus.Inconclusive : FindingStatus.Pending, FindingCodes.Acknowledged, "Every SLI that could decide is acknowledged, so there is nothing left to judge by.");

    private static (FindingStatus Status, string Code, string Summary) FirstThatHolds(IReadOnlyList<Finding> findings, in VerdictFacts facts)
    {
        var closed = facts.Closed;
        if (Worst(findings, f => f.Critical && f.Result.Status == FindingStatus.Fail) is { } failed)
        {
            return facts.BaselineUnhealthy
                ? (FindingStatus.Warn, FindingCodes.BaselineUnhealthy, $"The target was not healthy before the upgrade, so this is not held against it: {failed.Result.Reason}")
                : (FindingStatus.Fail, failed.Result.Code, failed.Result.Reason);
        }

        if (Worst(findings, f => f.Critical && f.Result.Status == FindingStatus.Inconclusive && (closed || f.Result.Code == FindingCodes.Source)) is { } unknown)
        {
            return (FindingStatus.Inconclusive, unknown.Result.Code, unknown.Result.Reason);
        }

        if (closed && Worst(findings, f => f.Critical && f.Result.Status == FindingStatus.Pending) is { } undecided)
        {
            return (FindingStatus.Inconclusive, FindingCodes.TooLittleData, undecided.Result.Reason);
        }

        if (closed && !findings.Any(f => f.Critical))
        {
            return (FindingStatus.Inconclusive, FindingCodes.TooLittleData, "No critical SLI has any sample before or after the upgrade, so there is nothing to judge by.");
        }

        if (Worst(findings, f => f.Result.Status == FindingStatus.Warn) is { } warned)
        {
            return (FindingStatus.Warn, warned.Result.Code, warned.Result.Reason);
        }

        if (WhyPending(findings, facts) is { } pending)
        {
            return facts.HasFailed
                ? (FindingStatus.Warn, FindingCodes.Recovered, $"It failed earlier. {pending.Summary}")
                : (FindingStatus.Pending, pending.Code, pending.Summary);
        }

        if (facts.HasFailed) return (FindingStatus.Warn, FindingCodes.Recovered, $"It failed earlier and is back in its bands. {facts.PassNote}");
        if (facts.BaselineUnhealthy) return (FindingStatus.Warn, FindingCodes.BaselineUnhealthy, $"The target was not healthy just before the upgrade; nothing is worse since. {facts.PassNote}");
        return facts.MinimumReached
            ? (FindingStatus.Pass, FindingCodes.None, facts.PassNote)
            : (FindingStatus.Inconclusive, FindingCodes.TooLittleData, $"Too little of the window was left beside the planned downtime to say pass. {facts.PassNote}");
    }

    private static (string Code, string Summary)? WhyPending(IReadOnlyList<Finding> findings, in VerdictFacts facts)
    {
        if (facts.Closed) return null;
        if (!facts.Watching) return (FindingCodes.None, "The upgrade is being rolled out; nothing abnormal so far. It can pass in post-upgrade only.");
        if (Worst(findings, f => f.Critical && f.Result.Status is FindingStatus.Pending or FindingStatus.Inconclusive) is { } waiting)
        {
            return (waiting.Result.Code, waiting.Result.Reason);
        }

        if (!findings.Any(f => f.Critical)) return (FindingCodes.TooLittleData, "No critical SLI has any sample yet.");
        return facts.MinimumReached ? null : (FindingCodes.None, "Nothing abnormal so far; it has not been watched for long enough to say pass.");
    }

    private static Finding? Worst(IReadOnlyList<Finding> findings, Func<Finding, bool> which) =>
        findings.Where(which).OrderByDescending(Weight).FirstOrDefault();

    // Among findings of one status the one that a person should read first: critical ones, the whole story before its parts, the surest.
    private static (int, int, double) Weight(Finding finding) =>
        (finding.Acknowledged is null ? Severity(finding.Result.Status) : -1, finding.Critical ? 1 : 0, -(finding.Result.PValue ?? 1));

    private static int Severity(FindingStatus status) => status switch
    {
        FindingStatus.Fail => 4,
        FindingStatus.Inconclusive => 3,
        FindingStatus.Warn => 2,
        FindingStatus.Pending => 1,
        _ => 0,
    };
}
