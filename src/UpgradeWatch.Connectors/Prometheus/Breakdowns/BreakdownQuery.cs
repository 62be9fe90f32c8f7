using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>The queries of a breakdown.</summary>
internal static class BreakdownQuery
{
    /// <summary>Label that tells the parts of an answer apart.</summary>
    public const string PartLabel = "upgradewatch_part";

    /// <summary>The increase of every part over a window that ends when it is asked for, by its labels, at most so many rows each.</summary>
    /// <param name="plan">The target's plan.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="steps">Length of the window in steps.</param>
    /// <param name="most">Rows of a part.</param>
    public static string Increases(TargetPlan plan, IReadOnlyList<BreakdownPart> parts, long steps, int most)
    {
        // The exact form holds for a window of any length: it is one long step.
        var window = plan with { StepSeconds = steps * plan.StepSeconds };
        return string.Join(" or ", parts.Select((part, i) =>
            Marked($"topk({most}, sum by ({string.Join(", ", part.Labels)}) ({ExactCounts.PerSeries(window, part.Counter)}))", i)));
    }

    /// <summary>How many combinations of the first label, of the first two, and so on a counter has now.</summary>
    public static string Combinations(TargetPlan plan, Selector counter, IReadOnlyList<string> labels) =>
        string.Join(" or ", labels.Select((_, i) =>
            Marked($"count(count by ({string.Join(", ", labels.Take(i + 1))}) ({ExactCounts.InStep(plan, counter)}))", i + 1)));

    private static string Marked(string vector, int number) => $"label_replace({vector}, \"{PartLabel}\", \"{number}\", \"\", \"\")";
}
