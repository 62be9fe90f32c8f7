using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Histories;

namespace UpgradeWatch.Storage.Documents;

/// <summary>How histories are written into the store: arrays of numbers bit by bit, because a verdict must come out the same after a restart.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(NumbersConverter<float>), typeof(NumbersConverter<double>), typeof(NumbersConverter<int>), typeof(NumbersConverter<long>), typeof(Words<Direction>)])]
[JsonSerializable(typeof(FrozenHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;

/// <summary>An array of numbers as base64 of its little-endian bytes.</summary>
internal sealed class NumbersConverter<T> : JsonConverter<T[]>
    where T : unmanaged
{
    public override T[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % Marshal.SizeOf<T>() != 0) throw new JsonException($"{bytes.Length} bytes are no whole number of values.");
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    public override void Write(Utf8JsonWriter writer, T[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(MemoryMarshal.AsBytes<T>(value));
}
