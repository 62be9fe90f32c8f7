using System.Text.Json.Nodes;

namespace UpgradeWatch.Dashboards.Boards;

/// <summary>A panel of a dashboard.</summary>
internal sealed record Panel
{
    /// <summary>Type of the panel, for instance <c>stat</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows and how to read it; empty for rows and texts alone.</summary>
    public string Description { get; init; } = "";

    /// <summary>Width in columns, of 24.</summary>
    public required int Width { get; init; }

    /// <summary>Height in units of 30 pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Queries.</summary>
    public IReadOnlyList<Query> Queries { get; init; } = [];

    /// <summary>Unit of its values.</summary>
    public string Unit { get; init; } = "short";

    /// <summary>What is said where there is no value.</summary>
    public string NoValue { get; init; } = "no data";

    /// <summary>Texts and colours of values.</summary>
    public IReadOnlyList<Mapping> Mappings { get; init; } = [];

    /// <summary>Colours from a value on; the first is for what lies below.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [new(null, "text")];

    /// <summary>Options of the type.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>Options of the fields of the type.</summary>
    public JsonObject Custom { get; init; } = [];

    /// <summary>What is different for some fields.</summary>
    public IReadOnlyList<Override> Overrides { get; init; } = [];

    /// <summary>What is done with the results before they are shown.</summary>
    public IReadOnlyList<JsonObject> Transformations { get; init; } = [];

    /// <summary>Links of its values.</summary>
    public IReadOnlyList<(string Title, string Url)> DataLinks { get; init; } = [];

    /// <summary>The variable for each value of which it is there once; null for none.</summary>
    public string? Repeat { get; init; }

    /// <summary>Whether it asks the logs' data source.</summary>
    public bool AsksLogs { get; init; }

    /// <summary>Panels within a collapsed row.</summary>
    public IReadOnlyList<Panel> Within { get; init; } = [];
}

/// <summary>A query.</summary>
/// <param name="Expression">PromQL, or LogQL where logs are asked.</param>
/// <param name="Legend">Legend, or empty.</param>
/// <param name="Shape">Whether it gives the values of now or a course, as numbers or as a table.</param>
internal sealed record Query(string Expression, string Legend = "", QueryShape Shape = QueryShape.Course);

/// <summary>What a query gives.</summary>
internal enum QueryShape
{
    /// <summary>Values over time.</summary>
    Course,

    /// <summary>Values of now.</summary>
    Now,

    /// <summary>Values of now as rows with a column for each label.</summary>
    Table,
}

/// <summary>Text and colour of a value, so that colour alone never says it.</summary>
internal sealed record Mapping(string Value, string Text, string Color);

/// <summary>The colour from a value on; null for the lowest.</summary>
internal sealed record Threshold(double? From, string Color);

/// <summary>What is different for some fields.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="IsPattern">Whether the name is a regular expression.</param>
/// <param name="Properties">What is set.</param>
internal sealed record Override(string Field, bool IsPattern, params (string Id, JsonNode? Value)[] Properties);
