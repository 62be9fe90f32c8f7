using System.Text.Json.Nodes;

namespace UpgradeWatch.Dashboards.Boards;

/// <summary>A dashboard.</summary>
internal sealed record Board
{
    /// <summary>Its uid; never changed, links and alerts name it.</summary>
    public required string Uid { get; init; }

    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary>Whether it asks logs too: then it has two data sources, and each needs a name of its own.</summary>
    public bool AsksLogs { get; init; }

    /// <summary>Variables beside the data sources.</summary>
    public IReadOnlyList<Variable> Variables { get; init; } = [];

    /// <summary>Target whose upgrades are marked: a name, or a variable; null for those of all.</summary>
    public string? MarkedTarget { get; init; }

    /// <summary>First moment that is shown, for instance <c>now-3h</c>.</summary>
    public required string From { get; init; }

    /// <summary>Panels, from the left to the right and from top to bottom.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>Name of the variable for Prometheus.</summary>
    public string DataSource => AsksLogs ? "prometheus_datasource" : "datasource";
}

/// <summary>A variable.</summary>
/// <param name="Name">Name.</param>
/// <param name="Label">Label.</param>
/// <param name="Query">PromQL's <c>label_values</c>; for a text its first value.</param>
/// <param name="IsText">Whether it is typed in.</param>
/// <param name="IsMulti">Whether several can be chosen, or all.</param>
internal sealed record Variable(string Name, string Label, string Query, bool IsText = false, bool IsMulti = false);

/// <summary>Small parts of the JSON of dashboards.</summary>
internal static class Parts
{
    /// <summary>A list of texts or objects.</summary>
    public static JsonArray List(params IEnumerable<JsonNode?> items) => [.. items];

    /// <summary>How one value is taken from a course.</summary>
    public static JsonObject LastValue() => new() { ["calcs"] = List("lastNotNull"), ["fields"] = "", ["values"] = false };

    /// <summary>Mappings as Grafana writes them.</summary>
    public static JsonArray Mappings(IEnumerable<Mapping> mappings)
    {
        var options = new JsonObject();
        foreach (var (mapping, index) in mappings.Select((mapping, index) => (mapping, index)))
            options[mapping.Value] = new JsonObject { ["text"] = mapping.Text, ["color"] = mapping.Color, ["index"] = index };
        return options.Count == 0 ? [] : [new JsonObject { ["type"] = "value", ["options"] = options }];
    }

    /// <summary>Puts results with the same labels into one row.</summary>
    public static JsonObject Merge() => new() { ["id"] = "merge", ["options"] = new JsonObject() };

    /// <summary>Orders and names columns, and leaves all others out.</summary>
    public static IReadOnlyList<JsonObject> Columns(params (string Field, string Name)[] columns)
    {
        JsonObject names = [], order = [];
        foreach (var (field, index) in columns.Select((column, index) => (column.Field, index)))
        {
            names[field] = columns[index].Name;
            order[field] = index;
        }

        return
        [
            new JsonObject
            {
                ["id"] = "filterFieldsByName",
                ["options"] = new JsonObject { ["include"] = new JsonObject { ["names"] = List(columns.Select(column => (JsonNode)column.Field)) } },
            },
            new JsonObject
            {
                ["id"] = "organize",
                ["options"] = new JsonObject { ["excludeByName"] = new JsonObject(), ["indexByName"] = order, ["renameByName"] = names },
            },
        ];
    }
}
