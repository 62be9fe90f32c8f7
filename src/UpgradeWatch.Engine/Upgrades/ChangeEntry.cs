namespace UpgradeWatch.Engine.Upgrades;

/// <summary>One thing that somebody did to an upgrade, stored with what it changed.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who; null when not known.</param>
/// <param name="What"><c>begin</c>, <c>phase</c>, <c>force</c>, <c>checklist</c>, <c>override</c>, <c>acknowledge</c>, <c>withdraw</c>.</param>
/// <param name="Subject">The phase, checklist item or SLI.</param>
/// <param name="State">What it was set to; null when that is the subject.</param>
/// <param name="Reason">Why; null when not said.</param>
public sealed record ChangeEntry(DateTimeOffset At, string? By, string What, string Subject, string? State = null, string? Reason = null)
{
    /// <summary>Most entries of an upgrade. Of more the oldest and the newest stay: nobody hides what was done behind what was done often.</summary>
    public const int Most = 400;

    internal static IReadOnlyList<ChangeEntry> Add(IReadOnlyList<ChangeEntry>? entries, ChangeEntry entry) => entries switch
    {
        null => [entry],
        { Count: < Most } => [.. entries, entry],
        _ => [.. entries.Take(Most / 2), .. entries.Skip((Most / 2) + 1), entry],
    };
}
