using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Judges;

/// <summary>
/// What a judge has failed for, and whether it is over. A failure stands until the SLI has been back inside its band
/// for 15 min of counted steps, and can come back.
/// </summary>
internal sealed class Failure(double stepSeconds)
{
    private const double RecoverySeconds = 900;
    private long _insideSteps;

    /// <summary>One of <see cref="FindingCodes"/>; null while nothing ever failed.</summary>
    public string? Code { get; private set; }

    /// <summary>The step since which it fails.</summary>
    public long Since { get; private set; }

    /// <summary>Whether it has been back inside for 15 min.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether it fails now.</summary>
    public bool Stands => Code is not null && !IsOver;

    /// <summary>Takes a reason to fail at this step.</summary>
    public void Raise(string code, long since)
    {
        _insideSteps = 0;
        if (Stands && (code == Code || code is not (FindingCodes.TargetDown or FindingCodes.MetricVanished)))
            return;

        Code = code;
        Since = since;
        IsOver = false;
    }

    /// <summary>Takes a counted step with data and without a reason to fail.</summary>
    /// <param name="isInside">Whether all of them together are within the tolerance.</param>
    /// <returns>True when the time inside begins (again) after this step.</returns>
    public bool Calm(Func<bool> isInside)
    {
        if (!Stands)
            return false;
        if (++_insideSteps * stepSeconds < RecoverySeconds)
            return false;

        IsOver = isInside();
        _insideSteps = 0;
        return true;
    }
}
