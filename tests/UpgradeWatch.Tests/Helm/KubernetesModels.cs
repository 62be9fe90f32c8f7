using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;
using UpgradeWatch.Tests.Configuration;
using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>Holds an object against what Kubernetes knows: the typed models of its client, to the letter, or the schema of a CRD.</summary>
internal static class KubernetesModels
{
    private static readonly JsonSerializerOptions Strict = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static readonly Dictionary<(string ApiVersion, string Kind), Type> Known = typeof(V1Pod).Assembly.GetTypes()
        .Select(type => (Type: type, Entity: type.GetCustomAttribute<KubernetesEntityAttribute>()))
        .Where(pair => pair.Entity is not null && !pair.Type.Name.EndsWith("List", StringComparison.Ordinal))
        .GroupBy(pair => (string.IsNullOrEmpty(pair.Entity!.Group) ? pair.Entity.ApiVersion : $"{pair.Entity.Group}/{pair.Entity.ApiVersion}", pair.Entity.Kind))
        .ToDictionary(group => group.Key, group => group.First().Type);

    /// <summary>What is wrong with an object; empty when nothing is.</summary>
    public static IReadOnlyList<string> Mistakes(JsonObject one)
    {
        var (apiVersion, kind) = ((string)one["apiVersion"]!, (string)one["kind"]!);
        if (Known.TryGetValue((apiVersion, kind), out var type)) return [.. Typed(one, type)];
        return File.Exists(ChartPaths.Crd(kind))
            ? [.. SchemaCheck.Load(ChartPaths.Crd(kind)).Mistakes(one), .. Typed(one["metadata"]!, typeof(V1ObjectMeta))]
            : [$"{apiVersion} {kind} is not known"];
    }

    /// <summary>Reads an object as its model.</summary>
    public static T Read<T>(JsonNode one) => one.Deserialize<T>(Strict)!;

    private static IEnumerable<string> Typed(JsonNode one, Type type)
    {
        JsonNode? back;
        try
        {
            back = JsonSerializer.SerializeToNode(one.Deserialize(type, Strict), type, Strict);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return [$"{type.Name}: {error.Message}"];
        }

        return Lost(one, back, type.Name);
    }

    // A field that the model read and does not give back was of another kind than it looks.
    private static IEnumerable<string> Lost(JsonNode? given, JsonNode? back, string path) => (given, back) switch
    {
        (JsonObject map, JsonObject other) => map.SelectMany(member => Lost(member.Value, other[member.Key], $"{path}.{member.Key}")),
        (JsonArray list, JsonArray other) when list.Count == other.Count => list.SelectMany((item, index) => Lost(item, other[index], $"{path}[{index}]")),
        (null, _) => [$"{path} has no value"],
        (JsonValue value, JsonValue other) when value.ToString() == other.ToString() => [],
        _ => [$"{path}: {given.ToJsonString()} became {back?.ToJsonString() ?? "nothing"}"],
    };
}
