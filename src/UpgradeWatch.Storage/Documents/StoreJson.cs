using System.Text.Json;
using System.Text.Json.Serialization;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Storage.Documents;

/// <summary>
/// How upgrades are written into the store: enums in the words of the API, what can be worked out left out. A property
/// that is missing in a stored document is read as its type's default and not as its initial value, so a property that
/// is added and must not be null needs a migration that writes it.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    Converters =
    [
        typeof(Words<Phase>), typeof(Words<ItemStatus>), typeof(Words<FindingStatus>), typeof(Words<SliKind>), typeof(Words<Direction>),
        typeof(Words<SignalPart>), typeof(Words<GaugeAggregation>), typeof(Words<MatchOperator>),
    ])]
[JsonSerializable(typeof(Upgrade))]
[JsonSerializable(typeof(SeenRollout))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StoreJson : JsonSerializerContext;

/// <summary>An enum as words with hyphens; numbers are refused.</summary>
internal sealed class Words<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
