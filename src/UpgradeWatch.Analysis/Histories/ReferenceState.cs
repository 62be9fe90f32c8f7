namespace UpgradeWatch.Analysis.Histories;

/// <summary>A reference as it is stored: plain numbers, all of them finite or NaN.</summary>
public sealed record ReferenceState
{
    /// <summary>The first minute after the upgrade.</summary>
    public required long UpgradedAt { get; init; }

    /// <summary>Minutes of history it was made from.</summary>
    public required int HistoryMinutes { get; init; }

    /// <summary>Whether the same time on earlier days is part of what is expected.</summary>
    public required bool IsSeasonal { get; init; }

    /// <summary>Earlier upgrades and incidents within the history that are not part of it.</summary>
    public int LeftOut { get; init; }

    /// <summary>What is expected minute by minute after the upgrade; NaN where nothing is.</summary>
    public required double[] Expected { get; init; }

    /// <summary>
    /// What is usual minute by minute after the upgrade as a multiple of what is usual in the baseline: by the earlier days
    /// alone, however the series departed from them just before. NaN where that is unknown; null for no baseline.
    /// </summary>
    public double[]? Growth { get; init; }

    /// <summary>The ends of the bands of time after the upgrade, in minutes.</summary>
    public required int[] Bands { get; init; }

    /// <summary>The moments it is compared with, as minutes.</summary>
    public required long[] Moments { get; init; }

    /// <summary>For each of them how rare its own stray is among the others: minus the natural logarithm of its chance.</summary>
    public required double[] Scores { get; init; }

    /// <summary>How strays are measured.</summary>
    public required IReadOnlyList<Yardstick> Yardsticks { get; init; }

    /// <summary>For each moment the largest score of any SLI of the upgrade; null where the SLI is judged alone.</summary>
    public double[]? FamilyScores { get; init; }

    /// <summary>How many series are judged together, at least 1.</summary>
    public int FamilySize { get; init; } = 1;
}

/// <summary>One way to measure how far a series strays.</summary>
public sealed record Yardstick
{
    /// <summary>How restless the series was before the upgrade; strays are divided by it.</summary>
    public required double Scale { get; init; }

    /// <summary>For each window and band of time the stray that nine of ten placebos stay within.</summary>
    public required double[][] Usual { get; init; }

    /// <summary>The furthest stray of each placebo.</summary>
    public required double[] Strays { get; init; }
}
