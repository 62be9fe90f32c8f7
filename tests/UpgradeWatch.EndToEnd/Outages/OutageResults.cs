using System.Text.Json;
using UpgradeWatch.EndToEnd.Upgrades;

namespace UpgradeWatch.EndToEnd.Outages;

/// <summary>What came out of an <see cref="OutageRun"/>.</summary>
/// <param name="During">The verdicts while Prometheus was gone, by target.</param>
/// <param name="Good">The verdict of the good upgrade after that.</param>
/// <param name="Bad">The verdict of the bad one.</param>
internal sealed record OutageResults(IReadOnlyDictionary<string, JsonElement> During, SeenVerdict Good, SeenVerdict Bad);
