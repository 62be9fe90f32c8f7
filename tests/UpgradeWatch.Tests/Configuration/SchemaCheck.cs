using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UpgradeWatch.Tests.Configuration;

/// <summary>Tells what of a value breaks a JSON Schema, each with its key, by the keywords that our schemas use; a keyword it does not know is an error.</summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly string[] Silent = ["$schema", "id", "title", "description", "default", "deprecated", "format", "definitions", "then", "else"];

    /// <summary>Reads a schema.</summary>
    public static SchemaCheck Load(string file) => new(JsonNode.Parse(File.ReadAllText(file))!.AsObject());

    /// <summary>What is wrong; empty when nothing is.</summary>
    public IReadOnlyList<string> Mistakes(JsonNode? value) => [.. Visit(root, value, "")];

    private IEnumerable<string> Visit(JsonNode rule, JsonNode? value, string path)
    {
        var schema = rule.AsObject();
        return schema.Where(keyword => !Silent.Contains(keyword.Key)).SelectMany(keyword => Check(keyword.Key, keyword.Value!, schema, value, path));
    }

    private IEnumerable<string> Check(string keyword, JsonNode rule, JsonObject schema, JsonNode? value, string path) => (keyword, value) switch
    {
        ("$ref", _) => Visit(root["definitions"]![((string)rule!).Split('/')[^1]]!, value, path),
        ("if", _) => Visit(rule, value, path).Any() ? Maybe(schema["else"], value, path) : Maybe(schema["then"], value, path),
        ("not", _) => Refuse(Visit(rule, value, path).Any(), path, "must not be this"),
        ("properties", JsonObject map) => map.Where(member => rule[member.Key] is not null).SelectMany(member => Visit(rule[member.Key]!, member.Value, Join(path, member.Key))),
        ("patternProperties", JsonObject map) => map.SelectMany(member => Patterns(schema, member.Key).SelectMany(pattern => Visit(pattern, member.Value, Join(path, member.Key)))),
        ("oneOf", _) => OneOf([.. rule.AsArray().Select(one => Visit(one!, value, path).ToList())], path),
        ("propertyNames", JsonObject map) => map.SelectMany(member => Visit(rule, member.Key, Join(path, member.Key))),
        ("items", JsonArray list) => list.SelectMany((item, index) => Visit(rule, item, $"{path}[{index}]")),
        ("additionalProperties", JsonObject map) => map.Where(member => schema["properties"]?[member.Key] is null && !Patterns(schema, member.Key).Any())
            .SelectMany(member => rule is JsonObject ? Visit(rule, member.Value, Join(path, member.Key)) : Refuse((bool)rule, Join(path, member.Key), "is not a key here")),
        ("required", JsonObject map) => rule.AsArray().Where(key => !map.ContainsKey((string)key!)).Select(key => $"{Join(path, (string)key!)}: is missing"),
        _ => Refuse(Holds(keyword, rule, value), path, $"breaks {keyword} {rule.ToJsonString()}"),
    };

    private static bool Holds(string keyword, JsonNode rule, JsonNode? value) => (keyword, value) switch
    {
        ("type", _) => rule is JsonArray types ? types.Any(type => IsType((string)type!, value)) : IsType((string)rule!, value),
        ("enum", _) => rule.AsArray().Any(word => JsonNode.DeepEquals(word, value)),
        ("const", _) => JsonNode.DeepEquals(rule, value),
        ("pattern", JsonValue text) when IsType("string", text) => Regex.IsMatch((string)text!, (string)rule!),
        ("minLength", JsonValue text) when IsType("string", text) => ((string)text!).Length >= (int)rule,
        ("maxLength", JsonValue text) when IsType("string", text) => ((string)text!).Length <= (int)rule,
        ("minimum", JsonValue number) when IsType("number", number) => number.Deserialize<double>() >= rule.Deserialize<double>(),
        ("maximum", JsonValue number) when IsType("number", number) => number.Deserialize<double>() <= rule.Deserialize<double>(),
        ("exclusiveMinimum", JsonValue number) when IsType("number", number) => number.Deserialize<double>() > rule.Deserialize<double>(),
        ("uniqueItems", JsonArray list) => !(bool)rule || list.Select(item => item?.ToJsonString()).Distinct().Count() == list.Count,
        ("maxProperties", JsonObject map) => map.Count <= (int)rule,
        ("minItems", JsonArray list) => list.Count >= (int)rule,
        ("maxItems", JsonArray list) => list.Count <= (int)rule,
        ("pattern" or "minLength" or "maxLength" or "minimum" or "exclusiveMinimum" or "maximum" or "minItems" or "maxItems" or "uniqueItems" or "maxProperties" or "properties" or "patternProperties" or "propertyNames" or "items" or "additionalProperties" or "required", _) => true,
        _ => throw new NotSupportedException(keyword),
    };

    private static IEnumerable<JsonNode> Patterns(JsonObject schema, string key) =>
        schema["patternProperties"] is JsonObject patterns ? patterns.Where(pattern => Regex.IsMatch(key, pattern.Key)).Select(pattern => pattern.Value!) : [];

    // Where none fits, the mistakes of the one that is of the value's own type say most.
    private static IEnumerable<string> OneOf(IReadOnlyList<List<string>> tries, string path) => tries.Count(mistakes => mistakes.Count == 0) switch
    {
        1 => [],
        0 => tries.FirstOrDefault(mistakes => !mistakes.Any(mistake => mistake.StartsWith($"{path}: breaks type ", StringComparison.Ordinal))) ?? [$"{path}: is nothing of what it can be"],
        _ => [$"{path}: is more than one of what it can be"],
    };

    private IEnumerable<string> Maybe(JsonNode? rule, JsonNode? value, string path) => rule is null ? [] : Visit(rule, value, path);

    private static IEnumerable<string> Refuse(bool holds, string path, string why) => holds ? [] : [$"{path}: {why}"];

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static bool IsType(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && value.Deserialize<double>() % 1 == 0,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => value?.GetValueKind() == JsonValueKind.String,
    };
}
