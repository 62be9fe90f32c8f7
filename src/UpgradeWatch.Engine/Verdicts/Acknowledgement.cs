namespace UpgradeWatch.Engine.Verdicts;

/// <summary>A person's word that what is found about one SLI is known, or wrong: the SLI does not decide for as long as it holds.</summary>
/// <param name="Sli">Name of the SLI.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was said.</param>
/// <param name="By">Who said so; null when not known.</param>
/// <param name="Until">Until when it holds; null for as long as the upgrade is open.</param>
public sealed record Acknowledgement(string Sli, string Reason, DateTimeOffset At, string? By = null, DateTimeOffset? Until = null)
{
    /// <summary>Whether it holds at a time.</summary>
    public bool HoldsAt(DateTimeOffset time) => Until is not { } end || time < end;

    /// <summary>Who and why, for people.</summary>
    public string Sentence()
    {
        var until = Until is { } end ? $" until {end.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "";
        return $"Acknowledged by {By ?? "somebody"}{until}: {Reason.TrimEnd().TrimEnd('.')}.";
    }
}
