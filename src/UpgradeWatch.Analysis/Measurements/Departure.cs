namespace UpgradeWatch.Analysis.Measurements;

/// <summary>How far the last counted steps are from what is tolerated.</summary>
internal enum Departure
{
    /// <summary>Within the tolerance, or not clearly outside it.</summary>
    None,

    /// <summary>A part of a distribution is clearly off, but neither its p95 nor its p99 is beyond tolerance.</summary>
    Tail,

    /// <summary>Beyond tolerance.</summary>
    Beyond,
}
