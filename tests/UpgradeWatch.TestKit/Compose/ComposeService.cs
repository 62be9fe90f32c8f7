using System.Text.Json.Nodes;

namespace UpgradeWatch.TestKit.Compose;

/// <summary>One service of a compose file.</summary>
/// <param name="file">The file that it is in.</param>
/// <param name="name">Its name, by which the others reach it.</param>
/// <param name="content">What is written of it.</param>
public sealed class ComposeService(ComposeFile file, string name, JsonObject content)
{
    /// <summary>Its name, by which the others reach it.</summary>
    public string Name => name;

    /// <summary>What is written of it.</summary>
    public JsonObject Content => content;

    /// <summary>Its image.</summary>
    public string Image => (string?)content["image"] ?? "";

    /// <summary>The words that follow the image's entry point.</summary>
    public IReadOnlyList<string> Command => Words("command");

    /// <summary>The words of its health check without the first, CMD; empty for none.</summary>
    public IReadOnlyList<string> HealthCheck => content["healthcheck"]?["test"] is JsonArray test ? [.. test.Skip(1).Select(word => (string)word!)] : [];

    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        (content["environment"] as JsonObject ?? []).ToDictionary(one => one.Key, one => one.Value!.ToString());

    /// <summary>What is published, as it is written.</summary>
    public IReadOnlyList<string> Ports => Words("ports");

    /// <summary>The services that it waits for, with the condition.</summary>
    public IReadOnlyDictionary<string, string> DependsOn =>
        (content["depends_on"] as JsonObject ?? []).ToDictionary(one => one.Key, one => (string)one.Value!["condition"]!);

    /// <summary>Whether its root file system cannot be written to.</summary>
    public bool IsReadOnly => content["read_only"] is JsonValue flag && (bool)flag;

    /// <summary>All that is put into it.</summary>
    public IReadOnlyList<ComposeMount> Mounts =>
    [
        .. List("configs").Select(one => OfStore("configs", one, source => $"/{source}")),
        .. List("secrets").Select(one => OfStore("secrets", one, source => $"/run/secrets/{source}")),
        .. List("volumes").Select(OfVolume),
    ];

    private IReadOnlyList<string> Words(string key) => [.. List(key).Select(word => word!.ToString())];

    private JsonArray List(string key) => content[key] as JsonArray ?? [];

    private ComposeMount OfStore(string kind, JsonNode? written, Func<string, string> usual)
    {
        var source = written is JsonObject map ? (string)map["source"]! : (string)written!;
        var target = written is JsonObject { } whole && whole["target"] is { } place ? (string)place! : usual(source);
        var path = file.Map(kind)[source]?["file"] is { } named ? file.Resolve((string)named!) : null;
        return new ComposeMount(kind, source, target, path);
    }

    private ComposeMount OfVolume(JsonNode? written)
    {
        var parts = written is JsonObject map
            ? [(string?)map["source"] ?? "", (string?)map["target"] ?? ""]
            : ((string)written!).Split(':');
        var (source, target) = (parts[0], parts[1]);
        return source.StartsWith('.') || source.StartsWith('/')
            ? new ComposeMount("bind", source, target, file.Resolve(source))
            : new ComposeMount("volumes", source, target, null);
    }
}

/// <summary>Something that is put into a container.</summary>
/// <param name="Kind">The part of the top level that declares it: <c>configs</c>, <c>secrets</c>, <c>volumes</c>; or <c>bind</c>.</param>
/// <param name="Source">Its name there, or the path of a bind.</param>
/// <param name="Target">Where it is in the container.</param>
/// <param name="HostPath">The file or folder on this machine; null for a named volume, and where none is declared.</param>
public sealed record ComposeMount(string Kind, string Source, string Target, string? HostPath);
