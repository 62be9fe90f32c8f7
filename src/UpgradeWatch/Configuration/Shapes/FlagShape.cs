using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>True or false.</summary>
internal sealed class FlagShape : ScalarShape<bool>
{
    public override string Expected => "true or false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out bool value, out string? hint)
    {
        hint = null;
        return bool.TryParse(scalar.Text, out value) && scalar.Plain;
    }
}
