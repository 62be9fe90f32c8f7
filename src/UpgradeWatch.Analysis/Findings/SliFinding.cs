using UpgradeWatch.Analysis.Where;

namespace UpgradeWatch.Analysis.Findings;

/// <summary>What the judge says about one SLI, with the numbers behind it. Numbers that do not exist are null, never NaN.</summary>
public sealed record SliFinding
{
    /// <summary>Pending, pass, warn, fail or inconclusive.</summary>
    public required FindingStatus Status { get; init; }

    /// <summary>One of <see cref="FindingCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for people: what was expected, what was seen, since when.</summary>
    public required string Reason { get; init; }

    /// <summary>The value before the upgrade, in the SLI's unit.</summary>
    public double? Baseline { get; init; }

    /// <summary>Lower end of what is expected, in the SLI's unit.</summary>
    public double? ExpectedLower { get; init; }

    /// <summary>Upper end of what is expected, in the SLI's unit.</summary>
    public double? ExpectedUpper { get; init; }

    /// <summary>The value now (over the last 8 counted steps), in the SLI's unit.</summary>
    public double? Current { get; init; }

    /// <summary>Value since the upgrade divided by the baseline's.</summary>
    public double? ChangeRatio { get; init; }

    /// <summary>Lower end of the 95 % interval of <see cref="ChangeRatio"/>.</summary>
    public double? ChangeLower { get; init; }

    /// <summary>Upper end of the 95 % interval of <see cref="ChangeRatio"/>.</summary>
    public double? ChangeUpper { get; init; }

    /// <summary>Probability of something like it by chance, 0 to 1; for count tests 1/E, valid at every look.</summary>
    public double? PValue { get; init; }

    /// <summary>Since when it is abnormal.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Which part of the SLI it is in; null where nobody knows, or has asked yet.</summary>
    public Explanation? Where { get; init; }

    /// <summary>Steps with data in the baseline.</summary>
    public long BaselineSamples { get; init; }

    /// <summary>Counted steps with data since the upgrade.</summary>
    public long ObservedSamples { get; init; }
}
