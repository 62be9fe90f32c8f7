using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>Reads a request's JSON strictly: every mistake is answered with the field, the value and what would be right.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Reads the body; exactly one of value and problem is not null.</summary>
    public static async Task<(T? Value, Problem? Problem)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (!IsJson(context.Request))
        {
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, NotJsonType(context.Request)));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Limits, context.RequestAborted);
            var problem = RequestShape.Check(document.RootElement, type, path: "");
            return problem is null ? (document.RootElement.Deserialize(type), null) : (null, problem);
        }
        catch (JsonException mistake)
        {
            return (null, NotJson($"the body is not JSON (line {mistake.LineNumber + 1}, byte {mistake.BytePositionInLine + 1}); it must be a JSON object such as {RequestShape.Example(type)}"));
        }
        catch (InvalidOperationException)
        {
            // Text that is no text: a broken surrogate pair behind \u escapes, or bytes that are not UTF-8.
            return (null, NotJson("the body holds text that is not valid Unicode; it must be JSON in UTF-8"));
        }
    }

    /// <summary>The sentence about another content type.</summary>
    public static string NotJsonType(HttpRequest request) =>
        $"the content type is '{Shown.Short(request.ContentType ?? "")}'; it must be application/json in UTF-8";

    private static Problem NotJson(string detail) => Problems.Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>Whether a request says that it carries JSON.</summary>
    public static bool IsJson(HttpRequest request) =>
        request.GetTypedHeaders().ContentType is { } type
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
}
