using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UpgradeWatch.Tests.Http;

/// <summary>
/// The part of JSON Schema that the OpenAPI document uses; a keyword it does not know is a mistake too, so that none
/// is passed over. Stricter in one thing: objects with named properties may have no others, because what is answered
/// must be described.
/// </summary>
internal sealed class SchemaCheck(JsonObject named)
{
    private const string Prefix = "#/components/schemas/";

    private static readonly HashSet<string> Known = ["$ref", "oneOf", "type", "format", "enum", "required", "properties", "additionalProperties", "items", "description", "default"];

    /// <summary>The first mistake; null for none.</summary>
    public string? FindMistake(JsonNode schema, JsonElement value, string path)
    {
        var words = schema.AsObject();
        if (words.FirstOrDefault(w => !Known.Contains(w.Key)).Key is { } unknown) return $"{path}: the schema says '{unknown}', which is not checked";
        if (words["$ref"] is { } reference)
            return FindMistake(named[reference.GetValue<string>()[Prefix.Length..]]!, value, path);
        if (words["oneOf"] is JsonArray choices)
            return choices.Count(c => FindMistake(c!, value, path) is null) == 1 ? null : $"{path}: none or several of the choices hold for {value}";
        if (!HasType(words["type"], value)) return $"{path}: {value.ValueKind} where {words["type"]?.ToJsonString() ?? "a type"} is described";
        if (words["enum"] is JsonArray values && !values.Any(v => v?.ToString() == value.ToString())) return $"{path}: {value} is not in the enumeration";
        return value.ValueKind switch
        {
            JsonValueKind.Object => FindMistakeInObject(words, value, path),
            JsonValueKind.Array => value.EnumerateArray().Select((item, i) => FindMistake(words["items"]!, item, $"{path}[{i}]")).FirstOrDefault(m => m is not null),
            JsonValueKind.String when words["format"]?.GetValue<string>() == "date-time" => IsTime(value.GetString()!) ? null : $"{path}: {value} is no time in UTC",
            _ => null,
        };
    }

    private string? FindMistakeInObject(JsonObject words, JsonElement value, string path)
    {
        foreach (var name in words["required"]?.AsArray() ?? [])
        {
            if (!value.TryGetProperty(name!.GetValue<string>(), out _)) return $"{path}: {name} is missing";
        }

        foreach (var property in value.EnumerateObject())
        {
            var schema = words["properties"]?[property.Name] ?? (words["additionalProperties"] as JsonObject);
            if (schema is null) return $"{path}: {property.Name} is not described";
            if (FindMistake(schema, property.Value, $"{path}.{property.Name}") is { } mistake) return mistake;
        }

        return null;
    }

    // A schema without a type would let anything pass.
    private static bool HasType(JsonNode? type, JsonElement value) => type switch
    {
        JsonArray several => several.Any(t => IsA(t!.GetValue<string>(), value)),
        JsonValue one => IsA(one.GetValue<string>(), value),
        _ => false,
    };

    private static bool IsA(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => false,
    };

    private static bool IsTime(string text) => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);
}
