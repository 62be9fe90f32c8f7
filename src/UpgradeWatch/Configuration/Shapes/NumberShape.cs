using System.Globalization;
using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A number within a range, both ends included unless said otherwise.</summary>
internal sealed class NumberShape(double least, double most, string unit = "", bool aboveLeast = false) : ScalarShape<double>
{
    private const string Seconds = "seconds";

    public override string Expected =>
        $"a number {(unit.Length == 0 ? "" : $"of {unit} ")}{(aboveLeast ? "above" : "from")} {Text(least)} {(aboveLeast ? "and at most" : "to")} {Text(most)}";

    /// <summary>A number of seconds; may have a fraction.</summary>
    public static NumberShape OfSeconds(double least, double most) => new(least, most, Seconds);

    public override JsonObject Schema() => new()
    {
        ["type"] = "number",
        [aboveLeast ? "exclusiveMinimum" : "minimum"] = least,
        ["maximum"] = most,
    };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out double value, out string? hint)
    {
        hint = null;
        if (!double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            if (unit == Seconds && Durations.TryParseSeconds(scalar.Text, out var seconds) && Fits(seconds)) hint = $"write the number of seconds, {Text(seconds)}";
            return false;
        }

        if (!scalar.Plain) hint = "write it without quotes";
        return scalar.Plain && Fits(value);
    }

    protected override string Show(ScalarNode scalar) =>
        scalar.Plain && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? scalar.Text : scalar.Describe();

    private bool Fits(double value) => (aboveLeast ? value > least : value >= least) && value <= most;

    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
