using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Description;

namespace UpgradeWatch.Configuration;

/// <summary>The configuration as JSON Schema (draft 2020-12), so that editors complete and check it.</summary>
internal static class ConfigSchema
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text, with a newline at its end.</summary>
    public static string Print()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "UpgradeWatch configuration (upgradewatch.yaml)",
        };
        foreach (var (key, value) in RootDescription.Shape.Schema()) schema[key] = value?.DeepClone();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable)) schema.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
