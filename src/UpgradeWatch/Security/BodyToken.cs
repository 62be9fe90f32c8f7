using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Security;

/// <summary>
/// The token of a webhook that can send no header: <c>metadata.token</c> of its JSON body. It is taken out, so that
/// nothing behind can store, log or repeat it.
/// </summary>
internal static class BodyToken
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>The token, or null; the body that is left has it no more. A body that is not JSON is left as it is.</summary>
    public static async Task<(string? Token, Problem? Problem)> TakeAsync(HttpContext context)
    {
        var (whole, problem) = await BoundedBody.ReadAsync(context);
        if (whole is null) return (null, problem);
        var (rest, token) = Take(whole);
        context.Request.Body = new MemoryStream(rest);
        context.Request.ContentLength = rest.Length;
        return (token, null);
    }

    private static (byte[] Left, string? Token) Take(byte[] body)
    {
        try
        {
            if (JsonNode.Parse(body, documentOptions: Limits) is not JsonObject root || root["metadata"] is not JsonObject metadata || !metadata.ContainsKey("token")) return (body, null);
            var token = metadata["token"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
            metadata.Remove("token");
            using var rest = new MemoryStream();
            using (var writer = new Utf8JsonWriter(rest)) root.WriteTo(writer);
            return (rest.ToArray(), token);
        }
        catch (Exception mistake) when (mistake is JsonException or InvalidOperationException)
        {
            return (body, null);
        }
    }
}
