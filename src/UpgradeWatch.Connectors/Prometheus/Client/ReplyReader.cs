using System.Globalization;
using System.Text.Json;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Reads replies of the HTTP API token by token, straight to where the samples belong.</summary>
internal static class ReplyReader
{
    /// <summary>Reads the reply to a query.</summary>
    /// <exception cref="JsonException">It is not JSON, or broken off.</exception>
    /// <exception cref="ReplyFormatException">It is JSON of another shape.</exception>
    public static ReplyEnvelope ReadSamples(ReadOnlySpan<byte> json, ISampleSink sink) =>
        Read(json, (ref Utf8JsonReader reader) => ReadQueryData(ref reader, sink));

    /// <summary>Reads the reply to a request for names or label values.</summary>
    /// <exception cref="JsonException">It is not JSON, or broken off.</exception>
    /// <exception cref="ReplyFormatException">It is JSON of another shape.</exception>
    public static ReplyEnvelope ReadStrings(ReadOnlySpan<byte> json, List<string> strings) =>
        Read(json, (ref Utf8JsonReader reader) => ReadStringArray(ref reader, strings, "data"));

    private delegate void DataReader(ref Utf8JsonReader reader);

    private static ReplyEnvelope Read(ReadOnlySpan<byte> json, DataReader readData)
    {
        var reader = new Utf8JsonReader(json);
        var envelope = new ReplyEnvelope();
        reader.Read();
        Expect(reader, JsonTokenType.StartObject, "the reply");
        while (NextProperty(ref reader) is { } name)
        {
            switch (name)
            {
                case "status": envelope.Status = Text(reader, name); break;
                case "errorType": envelope.ErrorType = Text(reader, name); break;
                case "error": envelope.Error = Text(reader, name); break;
                case "warnings": ReadStringArray(ref reader, envelope.Warnings, name); break;
                case "data" when reader.TokenType != JsonTokenType.Null:
                    readData(ref reader);
                    envelope.HasData = true;
                    break;
                default: reader.Skip(); break;
            }
        }

        return envelope;
    }

    private static void ReadQueryData(ref Utf8JsonReader reader, ISampleSink sink)
    {
        Expect(reader, JsonTokenType.StartObject, "data");
        while (NextProperty(ref reader) is { } name)
        {
            if (name == "result")
            {
                ReadResult(ref reader, sink);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadResult(ref Utf8JsonReader reader, ISampleSink sink)
    {
        Expect(reader, JsonTokenType.StartArray, "result");
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            // A scalar is the sample itself, without labels around it.
            sink.BeginSeries(new Dictionary<string, string>());
            AddRestOfSample(ref reader, sink);
            return;
        }

        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            ReadSeries(ref reader, sink);
        }
    }

    private static void ReadSeries(ref Utf8JsonReader reader, ISampleSink sink)
    {
        Expect(reader, JsonTokenType.StartObject, "a series");
        var begun = false;
        var isWaiting = false;
        var waiting = reader;
        while (NextProperty(ref reader) is { } name)
        {
            switch (name)
            {
                case "metric":
                    sink.BeginSeries(ReadLabels(ref reader));
                    begun = true;
                    break;
                case "value" or "values" or "histogram" or "histograms" when !begun:
                    isWaiting = true;
                    waiting = reader;
                    reader.Skip();
                    break;
                case "value" or "values" or "histogram" or "histograms": ReadPoints(ref reader, sink); break;
                default: reader.Skip(); break;
            }
        }

        if (!begun)
        {
            throw new ReplyFormatException("a series has no metric");
        }

        if (isWaiting)
        {
            ReadPoints(ref waiting, sink);
        }
    }

    private static Dictionary<string, string> ReadLabels(ref Utf8JsonReader reader)
    {
        Expect(reader, JsonTokenType.StartObject, "metric");
        var labels = new Dictionary<string, string>();
        while (NextProperty(ref reader) is { } name)
        {
            labels[name] = Text(reader, "a label");
        }

        return labels;
    }

    /// <summary>One sample, or an array of them.</summary>
    private static void ReadPoints(ref Utf8JsonReader reader, ISampleSink sink)
    {
        Expect(reader, JsonTokenType.StartArray, "values");
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            AddRestOfSample(ref reader, sink);
            return;
        }

        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            Expect(reader, JsonTokenType.StartArray, "a sample");
            reader.Read();
            AddRestOfSample(ref reader, sink);
        }
    }

    // The reader stands on the time.
    private static void AddRestOfSample(ref Utf8JsonReader reader, ISampleSink sink)
    {
        Expect(reader, JsonTokenType.Number, "the time of a sample");
        var seconds = reader.GetDouble();
        reader.Read();
        double value;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            // A native histogram has no single value: it is there, and is no number.
            reader.Skip();
            value = double.NaN;
        }
        else
        {
            Expect(reader, JsonTokenType.String, "the value of a sample");
            value = Number(reader);
        }

        reader.Read();
        Expect(reader, JsonTokenType.EndArray, "the end of a sample");
        sink.Add(seconds, value);
    }

    private static double Number(in Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        return text.SequenceEqual("+Inf"u8) || text.SequenceEqual("Inf"u8) ? double.PositiveInfinity
            : text.SequenceEqual("-Inf"u8) ? double.NegativeInfinity
            : throw new ReplyFormatException($"\"{reader.GetString()}\" is not a number");
    }

    private static void ReadStringArray(ref Utf8JsonReader reader, List<string> strings, string what)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            strings.Add(Text(reader, what));
        }
    }

    // Moves on to the value of the next property; null at the end of the object.
    private static string? NextProperty(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        var name = reader.GetString();
        reader.Read();
        return name;
    }

    private static string Text(in Utf8JsonReader reader, string what)
    {
        Expect(reader, JsonTokenType.String, what);
        return reader.GetString()!;
    }

    private static void Expect(in Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
        {
            throw new ReplyFormatException($"{what} is {reader.TokenType} where {type} is due");
        }
    }
}
