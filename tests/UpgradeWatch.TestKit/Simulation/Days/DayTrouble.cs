using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>Something that goes wrong around UpgradeWatch for a while.</summary>
public abstract record DayTrouble
{
    /// <summary>Minute of the day at which it begins.</summary>
    public required int Minute { get; init; }

    /// <summary>How long it lasts; 1 for what happens at once.</summary>
    public int Minutes { get; init; } = 1;

    /// <summary>Whether it is so in a minute.</summary>
    public bool Holds(int minute) => minute >= Minute && minute < Minute + Minutes;

    /// <summary>The source has no answer.</summary>
    /// <param name="Kind">How that shows.</param>
    public sealed record SourceAway(SourceFailureKind Kind) : DayTrouble;

    /// <summary>No sample of one target arrives.</summary>
    /// <param name="Target">Index of the target.</param>
    public sealed record Gap(int Target) : DayTrouble;

    /// <summary>Grafana answers nothing but errors.</summary>
    public sealed record GrafanaAway : DayTrouble;

    /// <summary>The newest samples of all targets arrive late.</summary>
    /// <param name="Lag">By how many minutes.</param>
    public sealed record Late(int Lag) : DayTrouble;

    /// <summary>The store takes nothing.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record StoreAway(StoreFailure Failure) : DayTrouble;

    /// <summary>The process answers and does not look.</summary>
    public sealed record Stuck : DayTrouble;

    /// <summary>The process dies and another one goes on.</summary>
    public sealed record Restart : DayTrouble;

    /// <summary>The process is held: it looks at nothing.</summary>
    public sealed record Held : DayTrouble;

    /// <summary>The clock is set.</summary>
    /// <param name="Seconds">By how much; negative for back.</param>
    public sealed record ClockSet(int Seconds) : DayTrouble;
}
