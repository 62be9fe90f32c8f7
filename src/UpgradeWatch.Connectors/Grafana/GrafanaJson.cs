using System.Text.Json.Serialization;

namespace UpgradeWatch.Connectors.Grafana;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewAnnotation))]
[JsonSerializable(typeof(AnnotationEnd))]
[JsonSerializable(typeof(FoundAnnotation[]))]
[JsonSerializable(typeof(CreatedAnnotation))]
[JsonSerializable(typeof(DashboardAnswer))]
[JsonSerializable(typeof(FoundDataSource))]
[JsonSerializable(typeof(FoundDataSource[]))]
[JsonSerializable(typeof(DataSourceNumber))]
internal sealed partial class GrafanaJson : JsonSerializerContext;

/// <summary>What is sent to make one. Times are whole Unix milliseconds: Grafana refuses fractions and exponents.</summary>
/// <remarks>Before 8.3 a dashboard has a number only, later the number is going out of use.</remarks>
internal sealed record NewAnnotation(
    long Time, long? TimeEnd, IReadOnlyList<string> Tags, string Text, [property: JsonPropertyName("dashboardUID")] string? DashboardUid = null, long? DashboardId = null);

/// <summary>What is read of a dashboard.</summary>
internal sealed record DashboardAnswer(DashboardNumber? Dashboard);

/// <summary>Its number.</summary>
internal sealed record DashboardNumber(long? Id);

/// <summary>What is sent to end a region.</summary>
internal sealed record AnnotationEnd(long TimeEnd);

/// <summary>What is read of one; everything else differs between versions. Tags are null after an edit that left them out.</summary>
internal sealed record FoundAnnotation(long Id, long Time, IReadOnlyList<string>? Tags, long? TimeEnd = null, string? Text = null);

/// <summary>The answer to making one.</summary>
internal sealed record CreatedAnnotation(long Id);
