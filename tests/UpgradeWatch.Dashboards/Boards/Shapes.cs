using System.Text.Json.Nodes;

namespace UpgradeWatch.Dashboards.Boards;

/// <summary>Options of the types of panels, as all dashboards use them.</summary>
internal static class Shapes
{
    /// <summary>One value, large.</summary>
    public static JsonObject Stat(string textMode = "value") => new()
    {
        ["reduceOptions"] = Parts.LastValue(),
        ["colorMode"] = "background",
        ["graphMode"] = "none",
        ["justifyMode"] = "center",
        ["orientation"] = "auto",
        ["textMode"] = textMode,
    };

    /// <summary>A table.</summary>
    public static JsonObject Table() => new() { ["showHeader"] = true, ["cellHeight"] = "sm", ["footer"] = new JsonObject { ["show"] = false } };

    /// <summary>States over time.</summary>
    public static JsonObject Timeline() => new()
    {
        ["mergeValues"] = true,
        ["showValue"] = "auto",
        ["alignValue"] = "left",
        ["rowHeight"] = 0.9,
        ["legend"] = Legend("list", "bottom"),
        ["tooltip"] = new JsonObject { ["mode"] = "single" },
    };

    /// <summary>Courses.</summary>
    public static JsonObject Courses() => new() { ["legend"] = Legend("list", "bottom"), ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "none" } };

    /// <summary>Lines that break where there is nothing.</summary>
    public static JsonObject Lines(int fill = 0) => new() { ["drawStyle"] = "line", ["lineWidth"] = 1, ["fillOpacity"] = fill, ["spanNulls"] = false, ["showPoints"] = "auto" };

    /// <summary>Bars of the timeline.</summary>
    public static JsonObject Bars() => new() { ["fillOpacity"] = 80, ["lineWidth"] = 0 };

    /// <summary>A markdown text.</summary>
    public static JsonObject Markdown(string text) => new() { ["mode"] = "markdown", ["content"] = text };

    private static JsonObject Legend(string mode, string placement) => new() { ["displayMode"] = mode, ["placement"] = placement, ["showLegend"] = true, ["calcs"] = new JsonArray() };
}
