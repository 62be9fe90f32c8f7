namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>Something that the server said it has done, and must therefore still be done after every death.</summary>
/// <param name="UpgradeId">The upgrade.</param>
/// <param name="Revision">Its revision in the answer.</param>
/// <param name="ToVersion">Its version.</param>
internal sealed record Acknowledged(string UpgradeId, long Revision, string ToVersion)
{
    /// <summary>The phase that was entered, with the reason given; null when it was not about a phase.</summary>
    public (string Phase, string? Reason)? Entered { get; init; }

    /// <summary>The checklist item that was noted, with the note; null when it was not about one.</summary>
    public (string Item, string Note)? Noted { get; init; }
}
