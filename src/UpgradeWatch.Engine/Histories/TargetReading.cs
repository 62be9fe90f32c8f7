using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Histories;

/// <summary>How far the reading of one target's history is.</summary>
internal sealed class TargetReading(TargetOptions target)
{
    private const int MostMinutesAtOnce = 1440;
    private const int FewestMinutesAtOnce = 60;

    // Twice as much may be too much again, and the source then works for nothing until the time-out.
    private const int AnswersBeforeMore = 4;

    private int _answers;

    /// <summary>The target.</summary>
    public TargetOptions Target => target;

    /// <summary>The plan that is read while no upgrade has one; null until it is known.</summary>
    public TargetPlan? Plan { get; set; }

    /// <summary>Why signals are left as gaps that were refused for too long, by name; one that is answered again is none of them.</summary>
    public Dictionary<string, SourceFailure> GivenUp { get; } = [];

    /// <summary>Whether it is to be planned again: what the target shows may have changed.</summary>
    public bool IsPlanDue { get; set; }

    /// <summary>What has been read; null when nothing is kept in memory, and then there is no room kept for it either.</summary>
    public TargetHistory? History
    {
        get;
        set
        {
            field = value;
            if (value is null) Room = 0;
        }
    }

    /// <summary>How many numbers it may keep in memory while nothing is upgraded; 0 for none.</summary>
    public long Room { get; set; }

    /// <summary>How many minutes are asked for at once: fewer after the source could not answer so many.</summary>
    public int MinutesAtOnce { get; private set; } = MostMinutesAtOnce;

    /// <summary>The upgrade that has begun and was looked after last; null for none.</summary>
    public string? ServedUpgrade { get; set; }

    /// <summary>When there is something to do next, unless an upgrade waits.</summary>
    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Not before, not even for an upgrade: after a failure.</summary>
    public DateTimeOffset RetryAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Since when it fails; null while it does not.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>How many numbers a whole history of the target is.</summary>
    public long NumbersOf(HistoryPlan plan) => plan.NumbersPerMinute * HistoryRules.Length(target.Evaluation);

    /// <summary>Learns from a read how much may be asked for at once.</summary>
    /// <param name="minutes">How many minutes were asked for.</param>
    /// <param name="failure">Why there was no answer; null when there was.</param>
    public void Learn(int minutes, SourceFailure? failure)
    {
        _answers = failure is null ? _answers + 1 : 0;
        if (failure is { Kind: SourceFailureKind.Timeout or SourceFailureKind.Refused })
            MinutesAtOnce = Math.Max(FewestMinutesAtOnce, Math.Min(MinutesAtOnce, minutes) / 2);
        else if (_answers % AnswersBeforeMore == 0 && failure is null && minutes >= MinutesAtOnce)
            MinutesAtOnce = Math.Min(MostMinutesAtOnce, MinutesAtOnce * 2);
    }
}
