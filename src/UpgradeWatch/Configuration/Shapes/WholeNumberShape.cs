using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A whole number within a range, both ends included.</summary>
internal sealed class WholeNumberShape(int least, int most, string unit) : ScalarShape<int>
{
    public override string Expected => $"a whole number of {unit} from {least} to {most}";

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out int value, out string? hint)
    {
        hint = null;
        return int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && scalar.Plain && value >= least && value <= most;
    }
}
