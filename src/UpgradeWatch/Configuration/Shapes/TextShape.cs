using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>Text, at most so many characters, without control characters; with a pattern when one is given.</summary>
internal sealed class TextShape(string expected, int longest, Regex? pattern = null) : ScalarShape<string>
{
    public override string Expected => expected;

    public override JsonObject Schema()
    {
        // Numbers and words such as "true" may be left without quotes; what was written is taken as it is.
        var schema = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["minLength"] = 1, ["maxLength"] = longest };
        if (pattern is not null)
        {
            schema["type"] = "string";
            schema["pattern"] = pattern.ToString();
        }

        return schema;
    }

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out string value, out string? hint)
    {
        value = scalar.Text;
        hint = value.Length > longest ? $"it has {value.Length} characters; write at most {longest}" : null;
        return hint is null && value.Trim().Length > 0 && !value.Any(char.IsControl) && pattern?.IsMatch(value) != false;
    }
}
