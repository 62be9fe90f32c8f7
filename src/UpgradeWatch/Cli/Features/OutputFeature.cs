using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Features;

/// <summary>The option <c>--output text|json</c>, which every verb takes.</summary>
internal sealed class OutputFeature
{
    private static readonly ApiJson Readable = new(new JsonSerializerOptions(ApiJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private readonly Option<string?> _option = CliValues.Choice("--output", "Form of what is written to standard output: text for people (the default) or json.", ["text", "json"]);

    /// <summary>The option, for the root command.</summary>
    public Option Option
    {
        get
        {
            _option.Recursive = true;
            return _option;
        }
    }

    /// <summary>Whether JSON is wanted.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_option) == "json";

    /// <summary>Writes a document of the API as JSON, or as text in the way given.</summary>
    public void Write<T>(ParseResult parsed, TextWriter output, T document, JsonTypeInfo<T> type, Action<TextWriter> writeText)
    {
        if (IsJson(parsed)) output.WriteLine(JsonSerializer.Serialize(document, Readable.Options.GetTypeInfo(type.Type)));
        else writeText(output);
    }
}
