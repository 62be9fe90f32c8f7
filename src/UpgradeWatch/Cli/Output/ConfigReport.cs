using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.Configuration;

namespace UpgradeWatch.Cli.Output;

/// <summary>What a check of the configuration found.</summary>
internal static class ConfigReport
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Mistakes as messages, one on a line; a good configuration in a sentence.</summary>
    public static void Write(CliContext context, string? file, ConfigResult result)
    {
        foreach (var mistake in result.Mistakes) context.Error.WriteLine(mistake);
        if (result.Options is null)
        {
            context.Say($"{result.Mistakes.Count} {(result.Mistakes.Count == 1 ? "mistake" : "mistakes")} in the configuration");
            return;
        }

        var targets = result.Options.Targets.Select(target => target.Name).ToArray();
        context.Out.WriteLine($"{file ?? "The environment"}: no mistakes. {targets.Length} {(targets.Length == 1 ? "target" : "targets")}{(targets.Length == 0 ? ", serve needs one" : ": " + string.Join(", ", targets))}.");
    }

    /// <summary>The same as JSON.</summary>
    public static JsonObject ToJson(string? file, ConfigResult result)
    {
        var mistakes = result.Mistakes.Select(mistake => (JsonNode)new JsonObject
        {
            ["source"] = mistake.At.Source,
            ["line"] = mistake.At.IsEnvironment ? null : mistake.At.Line,
            ["column"] = mistake.At.IsEnvironment ? null : mistake.At.Column,
            ["key"] = mistake.Path,
            ["message"] = mistake.Message,
        });
        return new JsonObject { ["file"] = file, ["good"] = result.Options is not null, ["mistakes"] = new JsonArray([.. mistakes]) };
    }

    /// <summary>A JSON document with line breaks.</summary>
    public static string Print(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable)) document.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
