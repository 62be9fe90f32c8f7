using System.Security.Cryptography;
using System.Text;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Http;

/// <summary>
/// The entity tag of a verdict. It is weak: it changes with status, code, final, flagged, phase and each finding's status
/// and code, not with numbers and times, so that a poller is woken by what matters.
/// </summary>
internal static class VerdictTag
{
    /// <summary>The tag of an upgrade's verdict, quoted.</summary>
    public static string Of(Upgrade upgrade)
    {
        var verdict = upgrade.Verdict;
        var text = new StringBuilder(256);
        text.Append(upgrade.Id).Append('|').Append(upgrade.Phase.ToText()).Append('|').Append(verdict.Status.ToText()).Append('|')
            .Append(verdict.Code).Append('|').Append(verdict.Final).Append('|').Append(verdict.Flagged);
        // Ordered by name: the worst first is their order in the answer, and numbers decide that too.
        foreach (var finding in verdict.Findings.OrderBy(f => f.Sli, StringComparer.Ordinal))
            text.Append('|').Append(finding.Sli).Append('=').Append(finding.Result.Status.ToText()).Append(':').Append(finding.Code);
        return $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8))}\"";
    }

    /// <summary>Whether a request's If-None-Match names a tag.</summary>
    public static bool Matches(HttpRequest request, string tag)
    {
        foreach (var given in request.GetTypedHeaders().IfNoneMatch)
        {
            if (given.Tag == "*" || given.Tag == tag[2..]) return true;
        }

        return false;
    }
}
