using System.Text.Json;

namespace UpgradeWatch.Connectors.Kubernetes.Api;

/// <summary>One page of a list, read object by object: one that cannot be read does not take the others with it.</summary>
internal static class ObjectPage
{
    /// <summary>Reads a page.</summary>
    /// <param name="body">The body of a list.</param>
    /// <param name="found">Told each object.</param>
    /// <param name="unreadable">Told why one cannot be read.</param>
    /// <returns>What the list says of itself; null when the body is no list.</returns>
    public static WireMeta? Read(ReadOnlySpan<byte> body, Action<WireObject> found, Action<string> unreadable)
    {
        var reader = new Utf8JsonReader(body);
        WireMeta? meta = null;
        var isList = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("metadata"u8)) meta = JsonSerializer.Deserialize(ref reader, WireJson.Default.WireMeta);
                else if (reader.ValueTextEquals("items"u8)) isList = ReadItems(ref reader, found, unreadable);
                else reader.Skip();
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return isList ? meta : null;
    }

    private static bool ReadItems(ref Utf8JsonReader reader, Action<WireObject> found, Action<string> unreadable)
    {
        reader.Read();
        // An empty list of some servers.
        if (reader.TokenType == JsonTokenType.Null) return true;
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var begin = reader;
            try
            {
                if (JsonSerializer.Deserialize(ref reader, WireJson.Default.WireObject) is { } one) found(one);
            }
            catch (JsonException error)
            {
                unreadable(error.Path is { } path ? $"{path} is not what it should be" : "it is not an object");
                reader = begin;
                reader.Skip();
            }
        }

        return true;
    }
}
