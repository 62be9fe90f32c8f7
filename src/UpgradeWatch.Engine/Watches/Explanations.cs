using System.Collections.Concurrent;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>What is known about where the findings of one upgrade are. They say more by it, and nothing else.</summary>
internal sealed class Explanations
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    // One look at a broken service can fail everything at once; what does not fit comes with the next.
    private const int MostAtOnce = 4;

    private readonly ConcurrentDictionary<string, (Explanation? Found, DateTimeOffset AskedAt)> _known = new();

    /// <summary>Takes over what was stored with a verdict.</summary>
    public Explanations(Verdict stored)
    {
        foreach (var finding in stored.Findings)
        {
            if (finding.Result.Where is { } found) _known[finding.Sli] = (found, found.Until ?? DateTimeOffset.MinValue);
        }
    }

    /// <summary>The asking that is under way, or the last one.</summary>
    public Task Asking { get; set; } = Task.CompletedTask;

    /// <summary>The finding with where it is, if that is known.</summary>
    public Finding Complete(Finding finding) =>
        IsWorthAsking(finding.Result) && _known.TryGetValue(finding.Sli, out var known) && known.Found is { } found
            ? finding with { Result = finding.Result with { Where = found, Reason = $"{finding.Result.Reason} {found.Sentence}" } }
            : finding;

    /// <summary>The findings that are to be asked about now: each when it turns up, and every few minutes while it stands.</summary>
    public IReadOnlyList<Finding> Due(IReadOnlyList<Finding> findings, DateTimeOffset now)
    {
        // One that flickers is not asked about every time that it comes back.
        foreach (var finding in findings.Where(finding => !IsWorthAsking(finding.Result) && IsOld(finding))) _known.TryRemove(finding.Sli, out _);
        return
        [
            .. findings
                .Where(finding => finding.Kind != SliKind.Logs && IsWorthAsking(finding.Result) && IsOld(finding))
                .OrderByDescending(finding => finding.Critical)
                .Take(MostAtOnce),
        ];

        bool IsOld(Finding finding) => !_known.TryGetValue(finding.Sli, out var known) || now - known.AskedAt >= AskAgainAfter;
    }

    /// <summary>Keeps an answer; null when there was none, which leaves what was known before.</summary>
    public void Keep(string sli, Explanation? found, DateTimeOffset now) =>
        _known[sli] = (found ?? _known.GetValueOrDefault(sli).Found, now);

    // What is missing, or could not be read, is nowhere in particular; what may be over in a moment is not worth a query.
    private static bool IsWorthAsking(SliFinding finding) =>
        finding.Status is FindingStatus.Fail or FindingStatus.Warn &&
        finding.Code is FindingCodes.Level or FindingCodes.Tail or FindingCodes.Limit or FindingCodes.NoBaseline;
}
