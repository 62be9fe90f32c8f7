using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <summary>What has come back inside its band after a roll-back, and when: noted with each step, also of steps that are read late.</summary>
/// <param name="known">What was stored before.</param>
internal sealed class Restoration(IReadOnlyList<RestoredSli> known)
{
    // What is called recovered has been back inside its band for that long already.
    private const double RecoveredSeconds = 900;

    private readonly List<RestoredSli> _back = [.. known];

    /// <summary>The SLIs that are back, in the order in which they came back.</summary>
    public IReadOnlyList<RestoredSli> Back => _back;

    /// <summary>Seconds until all were back; null when they are not (yet).</summary>
    public double? Seconds { get; private set; }

    /// <summary>Notes what holds at a moment.</summary>
    /// <param name="findings">What is found then.</param>
    /// <param name="elapsed">Seconds since the roll-back.</param>
    /// <param name="isAcknowledged">Whether nobody takes the findings of an SLI for real: then nobody waits for them to go away.</param>
    public void Note(IReadOnlyList<Finding> findings, double elapsed, Func<string, bool> isAcknowledged)
    {
        if (Seconds is not null) return;
        var before = _back.Count;
        foreach (var finding in findings)
        {
            if (IsBack(finding.Result) && !_back.Exists(back => back.Sli == finding.Sli))
                _back.Add(new RestoredSli(finding.Sli, elapsed - (finding.Result.Code == FindingCodes.Recovered ? RecoveredSeconds : 0)));
        }

        if (findings.Count == 0 || !findings.All(finding => IsBack(finding.Result) || isAcknowledged(finding.Sli))) return;
        // The last one decides; where all were back before, but never together, it is now.
        Seconds = _back.Count > before ? _back.Max(back => back.Seconds) : elapsed;
    }

    private static bool IsBack(SliFinding finding) =>
        finding.Status == FindingStatus.Pass || finding is { Status: FindingStatus.Warn, Code: FindingCodes.Recovered };
}
