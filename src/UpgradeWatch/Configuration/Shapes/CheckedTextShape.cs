using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>Text that means something outside: a time zone, a selector.</summary>
/// <param name="expected">What would be right.</param>
/// <param name="refusal">Why a text is refused, as what would be right; null when it is good.</param>
internal sealed class CheckedTextShape(string expected, Func<string, string?> refusal) : ScalarShape<string>
{
    public override string Expected => expected;

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out string value, out string? hint)
    {
        value = scalar.Text;
        hint = refusal(value);
        return hint is null;
    }
}
