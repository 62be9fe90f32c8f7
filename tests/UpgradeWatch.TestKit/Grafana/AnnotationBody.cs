using System.Text.Json;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>The body of a request about an annotation, with 0 and empty for what is not given; tags are null then.</summary>
internal sealed record AnnotationBody(long Time, long TimeEnd, string Text, IReadOnlyList<string>? Tags)
{
    /// <summary>Number of the dashboard that it belongs to; 0 for none.</summary>
    public long DashboardId { get; init; }

    /// <summary>Uid of that dashboard; empty for none.</summary>
    public string DashboardUid { get; init; } = "";

    /// <summary>Reads it as Go does: names in any case, the last one counts, times only as whole numbers.</summary>
    public static (AnnotationBody? Body, string Problem) Parse(string json, string command)
    {
        if (json.Length == 0) return (new AnnotationBody(0, 0, "", null), "");
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, $"json: cannot unmarshal {Kind(document.RootElement)} into Go value of type dtos.{command}");
            }

            var body = new AnnotationBody(0, 0, "", null);
            foreach (var field in document.RootElement.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
            {
                var (changed, problem) = body.With(field, command);
                if (changed is null) return (null, problem);
                body = changed;
            }

            return (body, "");
        }
        catch (JsonException)
        {
            return (null, "unexpected EOF");
        }
    }

    private (AnnotationBody? Body, string Problem) With(JsonProperty field, string command)
    {
        var value = field.Value;
        switch (field.Name.ToUpperInvariant())
        {
            case "TIME":
                return IsWhole(value, out var time) ? (this with { Time = time }, "") : (null, Cannot(value, command, "time", "int64"));
            case "TIMEEND":
                return IsWhole(value, out var end) ? (this with { TimeEnd = end }, "") : (null, Cannot(value, command, "timeEnd", "int64"));
            case "DASHBOARDID":
                return IsWhole(value, out var number) ? (this with { DashboardId = number }, "") : (null, Cannot(value, command, "dashboardId", "int64"));
            case "DASHBOARDUID" when value.ValueKind == JsonValueKind.String:
                return (this with { DashboardUid = value.GetString()! }, "");
            case "TEXT":
                return value.ValueKind == JsonValueKind.String ? (this with { Text = value.GetString()! }, "") : (null, Cannot(value, command, "text", "string"));
            case "TAGS" when value.ValueKind != JsonValueKind.Array:
                return (null, Cannot(value, command, "tags", "[]string"));
            case "TAGS":
                foreach (var tag in value.EnumerateArray())
                {
                    if (tag.ValueKind != JsonValueKind.String) return (null, Cannot(tag, command, "tags", "string", quote: false));
                }

                return (this with { Tags = [.. value.EnumerateArray().Select(tag => tag.GetString()!)] }, "");
            default:
                return (this, "");
        }
    }

    private static bool IsWhole(JsonElement value, out long whole)
    {
        whole = 0;
        return value.ValueKind == JsonValueKind.Number && long.TryParse(value.GetRawText(), out whole);
    }

    private static string Cannot(JsonElement value, string command, string field, string type, bool quote = true) =>
        $"json: cannot unmarshal {Kind(value)}{(quote && value.ValueKind == JsonValueKind.Number ? $" {value.GetRawText()}" : "")} into Go struct field {command}.{field} of type {type}";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "bool",
    };
}
