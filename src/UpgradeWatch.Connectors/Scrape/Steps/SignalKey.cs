using System.Security.Cryptography;
using System.Text;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>Under which name a signal's steps are kept: two definitions with one name must never be mixed.</summary>
internal static class SignalKey
{
    private const int HashCharacters = 8;

    /// <summary>The signal's name with a hash of what it takes.</summary>
    public static string Of(SignalDefinition signal)
    {
        var gauge = signal.Gauge;
        string[] parts =
        [
            Text(signal.All),
            Text(signal.Bad),
            signal.Buckets?.ToPromQl() ?? "",
            signal.BoundUnitSeconds.ToString("R"),
            gauge?.Value?.ToPromQl() ?? "",
            gauge?.Per?.ToPromQl() ?? "",
            gauge?.Query ?? "",
            gauge is null ? "" : $"{gauge.IsRate} {gauge.Aggregation}",
        ];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        return $"{signal.Name}#{Convert.ToHexStringLower(hash)[..HashCharacters]}";
    }

    private static string Text(IReadOnlyList<Selector> selectors) => string.Join(' ', selectors.Select(selector => selector.ToPromQl()));
}
