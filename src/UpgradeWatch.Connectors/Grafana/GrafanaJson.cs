using System.Text.Json.Serialization;

namespace UpgradeWatch.Connectors.Grafana;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewAnnotation))]
[JsonSerializable(typeof(AnnotationEnd))]
[JsonSerializable(typeof(FoundAnnotation[]))]
[JsonSerializable(typeof(CreatedAnnotation))]
internal sealed partial class GrafanaJson : JsonSerializerContext;

/// <summary>What is sent to make one. Times are whole Unix milliseconds: Grafana refuses fractions and exponents.</summary>
internal sealed record NewAnnotation(long Time, long? TimeEnd, IReadOnlyList<string> Tags, string Text);

/// <summary>What is sent to end a region.</summary>
internal sealed record AnnotationEnd(long TimeEnd);

/// <summary>What is read of one; everything else differs between versions. Tags are null after an edit that left them out.</summary>
internal sealed record FoundAnnotation(long Id, long Time, IReadOnlyList<string>? Tags, long? TimeEnd = null, string? Text = null);

/// <summary>The answer to making one.</summary>
internal sealed record CreatedAnnotation(long Id);
