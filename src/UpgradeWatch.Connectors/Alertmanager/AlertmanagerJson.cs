using System.Text.Json.Serialization;

namespace UpgradeWatch.Connectors.Alertmanager;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PostedAlert[]))]
[JsonSerializable(typeof(FoundAlert[]))]
[JsonSerializable(typeof(PostedSilence))]
[JsonSerializable(typeof(FoundSilence[]))]
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class AlertmanagerJson : JsonSerializerContext;

/// <summary>An alert as it is sent. Without a start Alertmanager takes the end for one: none would ever have begun.</summary>
internal sealed record PostedAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, string? StartsAt, string EndsAt);

/// <summary>An alert as it is read.</summary>
internal sealed record FoundAlert(IReadOnlyDictionary<string, string>? Labels, IReadOnlyDictionary<string, string>? Annotations, DateTimeOffset? StartsAt);

/// <summary>A matcher of a silence.</summary>
internal sealed record Matcher(string Name, string Value, bool IsRegex, bool? IsEqual = null);

/// <summary>A silence as it is sent; with an id it changes that one.</summary>
internal sealed record PostedSilence(string? Id, IReadOnlyList<Matcher> Matchers, string StartsAt, string EndsAt, string CreatedBy, string Comment);

/// <summary>A silence as it is read.</summary>
internal sealed record FoundSilence(string? Id, IReadOnlyList<Matcher>? Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? CreatedBy, string? Comment, SilenceStatus? Status);

/// <summary>Whether it is active, pending or expired.</summary>
internal sealed record SilenceStatus(string? State);

/// <summary>What a server says of itself.</summary>
internal sealed record ServerStatus(VersionInfo? VersionInfo);

/// <summary>Its version.</summary>
internal sealed record VersionInfo(string? Version);
