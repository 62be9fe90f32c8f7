using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Time zones by the names of the IANA database, out of the system's zone files.</summary>
internal static partial class TimeZones
{
    private const string AlwaysThere = "Europe/London";
    private const string Example = "write an IANA name such as Europe/Berlin, or UTC";

    /// <summary>Why a name is refused, as what would be right; null when the zone is known.</summary>
    public static string? Refuse(string name)
    {
        if (Iana().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)) return null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(AlwaysThere, out _)) return "the time zone files of the system are missing; install tzdata, or leave it out for UTC";
        var known = TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).ToList();
        var meant = known.Find(zone => zone.EndsWith($"/{name}", StringComparison.OrdinalIgnoreCase)) ?? Suggestion.For(name, known);
        return meant is null ? $"no such time zone is known here; {Example}" : $"no such time zone is known here; did you mean {meant}?";
    }

    [GeneratedRegex("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$")]
    private static partial Regex Iana();
}
