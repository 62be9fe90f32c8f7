using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Http;

/// <summary>What an outside system answered, or why there is no answer.</summary>
/// <param name="Status">The status; null when there was no answer.</param>
/// <param name="Body">The body, empty for none.</param>
/// <param name="RetryAfter">How long it asked to wait; null when it did not say.</param>
/// <param name="Trouble">Why there is no answer, as a sentence; null when there is one.</param>
internal sealed record ApiAnswer(HttpStatusCode? Status, byte[] Body, TimeSpan? RetryAfter, string? Trouble)
{
    private const int QuotedCharacters = 200;

    /// <summary>Its name at the beginning of a sentence.</summary>
    public required string Name { get; init; }

    /// <summary>What to do about a status, for the end of a sentence.</summary>
    public required Func<HttpStatusCode, string> Hint { get; init; }

    /// <summary>What its clock said, to the second; null when it did not say.</summary>
    public DateTimeOffset? Date { get; init; }

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

    /// <summary>What went wrong, as a sentence with the cause that it names.</summary>
    public string Sentence(string what)
    {
        if (Trouble is not null) return Trouble;
        return $"{Name} could not {what}: it answered {(int)Status!}{Quote()}{Hint(Status!.Value)}.";
    }

    private string Quote()
    {
        var said = Message();
        if (said.Length == 0) return "";
        return $" \"{ForeignText.Line(said.Length > QuotedCharacters ? $"{said[..QuotedCharacters]}…" : said)}\"";
    }

    /// <summary>Errors come as an object, as an array of objects, as a bare string, as HTML or text from a proxy, or without a body.</summary>
    private string Message()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            if (root.ValueKind == JsonValueKind.String) return root.GetString()!;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()!
                : "";
        }
        catch (JsonException)
        {
            return Body.AsSpan().IndexOf("<"u8) >= 0 ? "a page of HTML" : Encoding.UTF8.GetString(Body).Trim();
        }
    }
}
