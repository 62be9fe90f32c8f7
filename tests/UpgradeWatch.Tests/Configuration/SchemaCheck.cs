using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UpgradeWatch.Tests.Configuration;

/// <summary>Evaluates the keywords of JSON Schema that the printed schema uses; a keyword it does not know is an error.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "format"];

    public static bool IsValid(JsonObject schema, JsonNode? value) =>
        schema.Where(keyword => !Annotations.Contains(keyword.Key)).All(keyword => Holds(keyword.Key, keyword.Value!, schema, value));

    private static bool Holds(string keyword, JsonNode rule, JsonObject schema, JsonNode? value) => (keyword, value) switch
    {
        ("type", _) => rule is JsonArray types ? types.Any(type => IsType(type!.GetValue<string>(), value)) : IsType(rule.GetValue<string>(), value),
        ("enum", _) => rule.AsArray().Any(word => JsonNode.DeepEquals(word, value)),
        ("pattern", JsonValue text) when IsType("string", text) => Regex.IsMatch(text.GetValue<string>(), rule.GetValue<string>()),
        ("minLength", JsonValue text) when IsType("string", text) => text.GetValue<string>().Length >= rule.GetValue<int>(),
        ("maxLength", JsonValue text) when IsType("string", text) => text.GetValue<string>().Length <= rule.GetValue<int>(),
        ("minimum", JsonValue number) when IsType("number", number) => number.GetValue<double>() >= Number(rule),
        ("exclusiveMinimum", JsonValue number) when IsType("number", number) => number.GetValue<double>() > Number(rule),
        ("maximum", JsonValue number) when IsType("number", number) => number.GetValue<double>() <= Number(rule),
        ("items", JsonArray list) => list.All(item => IsValid(rule.AsObject(), item)),
        ("maxItems", JsonArray list) => list.Count <= rule.GetValue<int>(),
        ("uniqueItems", JsonArray list) => list.Select(item => item?.ToJsonString()).Distinct().Count() == list.Count,
        ("maxProperties", JsonObject map) => map.Count <= rule.GetValue<int>(),
        ("required", JsonObject map) => rule.AsArray().All(key => map.ContainsKey(key!.GetValue<string>())),
        ("properties", JsonObject map) => rule.AsObject().All(key => !map.TryGetPropertyValue(key.Key, out var member) || IsValid(key.Value!.AsObject(), member)),
        ("propertyNames", JsonObject map) => map.All(member => IsValid(rule.AsObject(), member.Key)),
        ("additionalProperties", JsonObject map) => map.Where(member => schema["properties"]?[member.Key] is null)
            .All(member => rule is JsonObject other && IsValid(other, member.Value)),
        ("pattern" or "minLength" or "maxLength" or "minimum" or "exclusiveMinimum" or "maximum" or "items" or "maxItems" or "uniqueItems" or "maxProperties" or "required" or "properties" or "propertyNames" or "additionalProperties", _) => true,
        _ => throw new NotSupportedException(keyword),
    };

    private static bool IsType(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() % 1 == 0,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => value?.GetValueKind() == JsonValueKind.String,
    };

    private static double Number(JsonNode rule) => rule.Deserialize<double>();
}
