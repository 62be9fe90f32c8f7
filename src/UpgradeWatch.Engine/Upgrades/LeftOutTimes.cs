using System.Globalization;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>What is neither part of what an upgrade is compared with nor among the moments it is compared with.</summary>
public sealed record LeftOutTimes
{
    private const int MostNamed = 3;

    /// <summary>The stretches of time, oldest first; they may overlap.</summary>
    public IReadOnlyList<LeftOutTime> Times { get; init; } = [];

    /// <summary>Why incidents could not be asked for, as a sentence; null when they could, or when none are to be.</summary>
    public string? Trouble { get; init; }

    /// <summary>The same without what lies outside a window.</summary>
    public LeftOutTimes Within(DateTimeOffset from, DateTimeOffset until) =>
        this with { Times = [.. Times.Where(time => time.From < until && time.Until > from)] };

    /// <summary>A sentence or two on what is left out, for people; empty when there is nothing to say.</summary>
    public string Sentence()
    {
        var more = Times.Count > MostNamed ? $" and {Times.Count - MostNamed} more" : "";
        var named = Times.Count == 0 ? "" : $"Left out of what it is compared with: {string.Join(", ", Times.Reverse().Take(MostNamed).Select(Show))}{more}.";
        var trouble = Trouble is null ? "" : $"Incidents could not be left out: {Trouble}";
        return named.Length == 0 || trouble.Length == 0 ? named + trouble : $"{named} {trouble}";
    }

    private static string Show(LeftOutTime time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{time.Why} ({time.From.UtcDateTime:d MMM HH:mm} to {(time.Until.UtcDateTime.Date == time.From.UtcDateTime.Date ? $"{time.Until.UtcDateTime:HH:mm}" : $"{time.Until.UtcDateTime:d MMM HH:mm}")} UTC)");
}

/// <summary>A stretch of time that is left out.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="Until">Its end.</param>
/// <param name="Why">Part of a sentence, for instance <c>the upgrade to 1.4</c>.</param>
public sealed record LeftOutTime(DateTimeOffset From, DateTimeOffset Until, string Why);
