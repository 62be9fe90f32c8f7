namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>How much is soaked.</summary>
public sealed record SoakPlan
{
    /// <summary>With fewer hours nothing can be said about growth.</summary>
    public const int FewestHours = 8;

    /// <summary>A week.</summary>
    public static SoakPlan Week { get; } = new() { Duration = TimeSpan.FromDays(7) };

    /// <summary>Some hours, in longer steps.</summary>
    public static SoakPlan Quick { get; } = new() { Duration = TimeSpan.FromHours(14), IntervalSeconds = 60 };

    /// <summary>How long it goes on, in virtual time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Seconds between two looks, and length of a step.</summary>
    public int IntervalSeconds { get; init; } = 15;

    /// <summary>How many targets are upgraded again and again.</summary>
    public int Targets { get; init; } = 50;

    /// <summary>How many SLIs each has.</summary>
    public int SlisPerTarget { get; init; } = 20;

    /// <summary>From one upgrade of a target to the next; the window takes an hour of it.</summary>
    public TimeSpan Round { get; } = TimeSpan.FromMinutes(80);

    /// <summary>By what share memory may grow over all the hours that are compared.</summary>
    public double MostMemoryGrowth { get; init; } = 0.05;

    /// <summary>How long closed upgrades are kept, in days.</summary>
    public int RetentionDays { get; } = 1;

    /// <summary>How much history each upgrade is judged against.</summary>
    public TimeSpan History { get; } = TimeSpan.FromHours(6);

    /// <summary>
    /// From here on memory must not grow: the targets begin one after the other within the first round, the second one is the
    /// first that follows another upgrade, and in the third nothing is new any more.
    /// </summary>
    public TimeSpan Begun => 3 * Round;

    /// <summary>From here on the store must not grow: what is kept is as old as it may be, and it has been dropped since for a day.</summary>
    public TimeSpan Kept => TimeSpan.FromDays(RetentionDays + 2);
}
