using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>What Grafana answered, or why there is no answer.</summary>
/// <param name="Status">The status; null when there was no answer.</param>
/// <param name="Body">The body, empty for none.</param>
/// <param name="RetryAfter">How long it asked to wait; null when it did not say.</param>
/// <param name="Trouble">Why there is no answer, as a sentence; null when there is one.</param>
internal sealed record GrafanaAnswer(HttpStatusCode? Status, byte[] Body, TimeSpan? RetryAfter, string? Trouble)
{
    private const int QuotedCharacters = 200;

    public bool IsSuccess => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    /// <summary>The body as what it should be; null when it is something else, for instance a proxy's login page.</summary>
    public T? Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What went wrong, as a sentence with the cause that Grafana names.</summary>
    public string Sentence(string what)
    {
        if (Trouble is not null) return Trouble;
        var hint = Status switch
        {
            HttpStatusCode.Unauthorized => " (check the token or the password)",
            HttpStatusCode.Forbidden => " (the token needs the role Editor, or the permissions annotations:read, annotations:create and annotations:write)",
            HttpStatusCode.NotFound => " (check the path of grafana.url)",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => " (a redirect; name the final address in grafana.url)",
            _ => "",
        };
        return $"Grafana could not {what}: it answered {(int)Status!}{Quote()}{hint}.";
    }

    private string Quote()
    {
        var said = Message();
        if (said.Length == 0) return "";
        return $" \"{ForeignText.Line(said.Length > QuotedCharacters ? $"{said[..QuotedCharacters]}…" : said)}\"";
    }

    /// <summary>Errors come as an object, as an array of objects, as HTML or text from a proxy, or without a body.</summary>
    private string Message()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()!
                : "";
        }
        catch (JsonException)
        {
            return Body.AsSpan().IndexOf("<"u8) >= 0 ? "a page of HTML" : System.Text.Encoding.UTF8.GetString(Body).Trim();
        }
    }
}
