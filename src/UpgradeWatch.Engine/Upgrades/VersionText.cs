namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Versions as people and tools write them.</summary>
internal static class VersionText
{
    /// <summary>Whether two are the same: "v1.5.0" and "1.5.0" are one version written in two ways. What is not known is no version.</summary>
    public static bool AreSame(string? one, string? other) =>
        one is not null && other is not null && Plain(one).Equals(Plain(other), StringComparison.Ordinal);

    private static ReadOnlySpan<char> Plain(string version) =>
        version.Length > 1 && version[0] is 'v' or 'V' && char.IsAsciiDigit(version[1]) ? version.AsSpan(1) : version;
}
