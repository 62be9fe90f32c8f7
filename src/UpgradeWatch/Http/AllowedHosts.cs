using UpgradeWatch.Configuration;

namespace UpgradeWatch.Http;

/// <summary>The names without port that the API answers for; null for any.</summary>
internal sealed class AllowedHosts(IReadOnlyList<string>? names)
{
    /// <summary>What the configuration names, else this machine's own; any where nothing is to be kept away.</summary>
    public static AllowedHosts Of(AuthOptions auth, bool insecure) =>
        new(auth.AllowedHosts ?? (insecure ? null : ["localhost", "127.0.0.1", "[::1]"]));

    /// <summary>Whether a name is one of them.</summary>
    public bool Contain(string host) => names?.Contains(host, StringComparer.OrdinalIgnoreCase) ?? true;

    /// <inheritdoc />
    public override string ToString() => string.Join(", ", names ?? []);
}
