using System.IO.Compression;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Steps;

/// <summary>
/// Writes steps as a version byte and a compressed body. Numbers keep every bit (gaps are NaN); they are differenced
/// by exclusive or and written byte plane by byte plane, because neighbours share their high bytes and that compresses.
/// </summary>
internal static class StepBlockCodec
{
    private const byte Version = 1;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        All = 1,
        Bad = 2,
        Buckets = 4,
        Values = 8,
        Failure = 16,
    }

    public static byte[] Encode(StepBlock block)
    {
        using var output = new MemoryStream();
        output.WriteByte(Version);
        using (var compressed = new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true))
        using (var writer = new BinaryWriter(compressed))
        {
            Write(writer, block);
        }

        return output.ToArray();
    }

    /// <exception cref="StoreException">The bytes are damaged, or of a newer version.</exception>
    public static StepBlock Decode(byte[] bytes)
    {
        if (bytes is not [Version, ..])
        {
            throw new StoreException(
                StoreFailure.Newer,
                $"Kept steps have format {(bytes.Length > 0 ? bytes[0] : 0)}; this UpgradeWatch reads format {Version}.");
        }

        try
        {
            using var compressed = new ZLibStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress);
            using var reader = new BinaryReader(compressed);
            return Read(reader);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new StoreException(StoreFailure.Corrupt, $"Kept steps are damaged: {error.Message}", error);
        }
    }

    private static void Write(BinaryWriter writer, StepBlock block)
    {
        writer.Write(block.StepSeconds);
        writer.Write(block.FirstStep);
        writer.Write(block.Count);
        writer.Write(block.Samples);
        WriteArray(writer, block.Up, static (w, value) => w.Write7BitEncodedInt(value));
        WriteArray(writer, block.Down, static (w, value) => w.Write7BitEncodedInt(value));
        WriteArray(writer, block.Started, static (w, value) => w.Write(value));
        writer.Write7BitEncodedInt(block.Signals.Count);
        foreach (var (name, signal) in block.Signals)
        {
            writer.Write(name);
            WriteSignal(writer, signal);
        }
    }

    private static StepBlock Read(BinaryReader reader)
    {
        var block = new StepBlock
        {
            StepSeconds = reader.ReadDouble(),
            FirstStep = reader.ReadInt64(),
            Count = reader.ReadInt32(),
            Samples = reader.ReadInt64(),
            Up = ReadArray(reader, static r => r.Read7BitEncodedInt()),
            Down = ReadArray(reader, static r => r.Read7BitEncodedInt()),
            Started = ReadArray(reader, static r => r.ReadBoolean()),
            Signals = new Dictionary<string, SignalSteps>(),
        };
        var signals = new Dictionary<string, SignalSteps>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            signals.Add(reader.ReadString(), ReadSignal(reader));
        }

        return block with { Signals = signals };
    }

    private static void WriteSignal(BinaryWriter writer, SignalSteps signal)
    {
        var parts = (signal.All is null ? Parts.None : Parts.All)
            | (signal.Bad is null ? Parts.None : Parts.Bad)
            | (signal.Buckets is null ? Parts.None : Parts.Buckets)
            | (signal.Values is null ? Parts.None : Parts.Values)
            | (signal.Failure is null ? Parts.None : Parts.Failure);
        writer.Write((byte)parts);
        WriteNumbers(writer, signal.Bounds);
        if (signal.All is not null) WriteNumbers(writer, signal.All);
        if (signal.Bad is not null) WriteNumbers(writer, signal.Bad);
        if (signal.Buckets is not null) WriteArray(writer, signal.Buckets, WriteNumbers);
        if (signal.Values is not null) WriteNumbers(writer, signal.Values);
        if (signal.Failure is not null)
        {
            writer.Write((byte)signal.Failure.Kind);
            writer.Write(signal.Failure.Message);
        }
    }

    private static SignalSteps ReadSignal(BinaryReader reader)
    {
        var parts = (Parts)reader.ReadByte();
        return new SignalSteps
        {
            Bounds = ReadNumbers(reader),
            All = parts.HasFlag(Parts.All) ? ReadNumbers(reader) : null,
            Bad = parts.HasFlag(Parts.Bad) ? ReadNumbers(reader) : null,
            Buckets = parts.HasFlag(Parts.Buckets) ? ReadArray(reader, ReadNumbers) : null,
            Values = parts.HasFlag(Parts.Values) ? ReadNumbers(reader) : null,
            Failure = parts.HasFlag(Parts.Failure) ? new SourceFailure((SourceFailureKind)reader.ReadByte(), reader.ReadString()) : null,
        };
    }

    private static void WriteNumbers(BinaryWriter writer, double[] numbers)
    {
        writer.Write7BitEncodedInt(numbers.Length);
        for (var plane = 0; plane < sizeof(double); plane++)
        {
            var before = 0L;
            foreach (var number in numbers)
            {
                var bits = BitConverter.DoubleToInt64Bits(number);
                writer.Write((byte)((bits ^ before) >> (8 * plane)));
                before = bits;
            }
        }
    }

    private static double[] ReadNumbers(BinaryReader reader)
    {
        var bits = new long[reader.Read7BitEncodedInt()];
        for (var plane = 0; plane < sizeof(double); plane++)
        {
            for (var i = 0; i < bits.Length; i++)
            {
                bits[i] |= (long)reader.ReadByte() << (8 * plane);
            }
        }

        for (var i = 1; i < bits.Length; i++)
        {
            bits[i] ^= bits[i - 1];
        }

        return Array.ConvertAll(bits, BitConverter.Int64BitsToDouble);
    }

    private static void WriteArray<T>(BinaryWriter writer, T[] items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.Length);
        foreach (var item in items)
        {
            write(writer, item);
        }
    }

    private static T[] ReadArray<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(reader);
        }

        return items;
    }
}
