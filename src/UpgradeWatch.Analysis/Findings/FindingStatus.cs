namespace UpgradeWatch.Analysis.Findings;

/// <summary>The result for one SLI at one evaluation, and of a verdict.</summary>
public enum FindingStatus
{
    /// <summary>Too early to say.</summary>
    Pending,

    /// <summary>Nothing abnormal.</summary>
    Pass,

    /// <summary>Worth a look, no reason to stop.</summary>
    Warn,

    /// <summary>Abnormal, beyond chance and beyond what matters.</summary>
    Fail,

    /// <summary>It could not be judged; never to be read as <see cref="Pass"/>.</summary>
    Inconclusive,
}
