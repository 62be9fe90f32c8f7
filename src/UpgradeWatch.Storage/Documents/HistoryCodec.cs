using System.IO.Compression;
using System.Text.Json;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Documents;

/// <summary>Writes a history as a version byte and compressed JSON.</summary>
internal static class HistoryCodec
{
    private const byte Version = 1;

    public static byte[] Encode(FrozenHistory history)
    {
        using var output = new MemoryStream();
        output.WriteByte(Version);
        using (var compressed = new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            JsonSerializer.Serialize(compressed, history, HistoryJson.Default.FrozenHistory);
        }

        return output.ToArray();
    }

    /// <exception cref="StoreException">The bytes are damaged, or of a newer version.</exception>
    public static FrozenHistory Decode(byte[] bytes)
    {
        if (bytes is not [Version, ..])
        {
            throw new StoreException(
                StoreFailure.Newer,
                $"A stored history has format {(bytes.Length > 0 ? bytes[0] : 0)}; this UpgradeWatch reads format {Version}.");
        }

        try
        {
            using var compressed = new ZLibStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress);
            return JsonSerializer.Deserialize(compressed, HistoryJson.Default.FrozenHistory)!;
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or FormatException)
        {
            throw new StoreException(StoreFailure.Corrupt, $"A stored history is damaged: {error.Message}", error);
        }
    }
}
