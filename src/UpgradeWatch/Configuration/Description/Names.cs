using System.Text.RegularExpressions;

namespace UpgradeWatch.Configuration.Description;

/// <summary>What names look like. The patterns are also valid in the JSON Schema.</summary>
internal static partial class Names
{
    [GeneratedRegex("^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    public static partial Regex Target { get; }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    public static partial Regex Item { get; }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$", RegexOptions.CultureInvariant)]
    public static partial Regex Label { get; }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$", RegexOptions.CultureInvariant)]
    public static partial Regex Metric { get; }

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", RegexOptions.CultureInvariant)]
    public static partial Regex Header { get; }
}
