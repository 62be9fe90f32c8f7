using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A connection string without a password. It is never shown, because it may have one all the same.</summary>
/// <param name="refusal">Why a text is refused, as the rest of a sentence; null when it is good.</param>
internal sealed class ConnectionStringShape(Func<string, string?> refusal) : Shape<string>
{
    public override string Expected => "a connection string without a password, for instance Host=db;Database=upgradewatch;Username=upgradewatch";

    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out string value)
    {
        value = "";
        if (node is not ScalarNode { IsEmpty: false } scalar) return Refuse(node, path, context);
        value = scalar.Text;
        if (refusal(value) is not { } mistake) return true;
        context.Add(node.At, path, mistake);
        return false;
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}
