using System.Text.Json;
using System.Text.Json.Nodes;

namespace UpgradeWatch.Tests.Http;

/// <summary>The OpenAPI document as a judge of answers.</summary>
internal sealed class ApiDocument
{
    private readonly JsonObject _document;
    private readonly SchemaCheck _schemas;

    public ApiDocument(string json)
    {
        _document = JsonNode.Parse(json)!.AsObject();
        _schemas = new SchemaCheck(_document["components"]!["schemas"]!.AsObject());
    }

    public string Version => _document["openapi"]!.GetValue<string>();

    public IEnumerable<(string Method, string Path)> Operations =>
        _document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => (o.Key.ToUpperInvariant(), p.Key)));

    /// <summary>What is wrong with an answer; null when the document describes it.</summary>
    public string? Judge(string method, string path, int status, string? contentType, string body)
    {
        if (_document["paths"]?[path]?[method.ToLowerInvariant()] is not { } operation) return $"{method} {path} is not described";
        if (operation["responses"]?[$"{status}"] is not { } response) return $"{method} {path} does not name status {status}: {body}";
        if (contentType is null) return response["content"] is null ? null : "a body is described, and there is none";
        if (response["content"]?[contentType] is not { } content) return $"{method} {path} {status} does not name {contentType}";
        if (!contentType.EndsWith("json", StringComparison.Ordinal)) return null;
        using var answer = JsonDocument.Parse(body);
        return _schemas.FindMistake(content["schema"]!, answer.RootElement, "$") is { } mistake ? $"{method} {path} {status}: {mistake}" : null;
    }
}
