using System.Text.Json;
using System.Text.Json.Serialization;

namespace UpgradeWatch.Http.Contracts;

/// <summary>Times as RFC 3339 in UTC with a Z. A time without an offset is refused: it would be read as this machine's.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException("not a time such as 2026-05-04T13:37:00Z");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    /// <summary>Reads an RFC 3339 time that carries its offset.</summary>
    internal static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is { Length: >= 20 and <= 40 } && text[10] is 'T' or 't' && HasOffset(text)
            && DateTimeOffset.TryParse(text, null, System.Globalization.DateTimeStyles.AdjustToUniversal, out time);
    }

    private static bool HasOffset(string text) => text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is '+' or '-');
}
