using System.Security.Cryptography;
using System.Text;

namespace UpgradeWatch.Engine.Outbox;

/// <summary>The keys by which things outside are found again.</summary>
public static class OutboxKeys
{
    /// <summary>16 hex digits: the first 8 bytes of the SHA-256 of what identifies the thing.</summary>
    /// <param name="upgradeId">The upgrade.</param>
    /// <param name="kind"><c>phase</c>, <c>finding</c> or <c>verdict</c>.</param>
    /// <param name="subject">The phase or SLI; empty for a verdict.</param>
    /// <param name="sequence">Number of the entry within its upgrade.</param>
    public static string Make(string upgradeId, string kind, string subject, int sequence) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{upgradeId}\n{kind}\n{subject}\n{sequence}")).AsSpan(0, 8));
}
