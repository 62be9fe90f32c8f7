using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UpgradeWatch.Dashboards.Boards;

/// <summary>Writes a dashboard as classic JSON (schema 37), which Grafana 9.4 to 13 take as it is.</summary>
internal sealed class BoardWriter(Board board)
{
    private const int Columns = 24;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private int _id;
    private int _x;
    private int _y;
    private int _rowHeight;

    /// <summary>The file.</summary>
    public static string Write(Board board) => new BoardWriter(board).Write().ToJsonString(Readable) + "\n";

    /// <summary>Number of the panel with each title, in the order in which they are written.</summary>
    public static IReadOnlyDictionary<string, int> PanelIds(Board board) =>
        Flat(board.Panels).Select((panel, index) => (panel.Title, Id: index + 1)).DistinctBy(panel => panel.Title).ToDictionary(panel => panel.Title, panel => panel.Id);

    /// <summary>All panels, also those within rows.</summary>
    public static IEnumerable<Panel> Flat(IEnumerable<Panel> panels) => panels.SelectMany(panel => Flat(panel.Within).Prepend(panel));

    private JsonObject Write() => new()
    {
        ["id"] = null,
        ["uid"] = board.Uid,
        ["title"] = board.Title,
        ["description"] = board.Description,
        ["tags"] = Parts.List("upgradewatch"),
        ["schemaVersion"] = 37,
        ["version"] = 1,
        ["editable"] = false,
        ["graphTooltip"] = 1,
        ["refresh"] = "15s",
        ["time"] = new JsonObject { ["from"] = board.From, ["to"] = "now" },
        ["timezone"] = "browser",
        ["templating"] = new JsonObject { ["list"] = new JsonArray([.. Variables()]) },
        ["annotations"] = new JsonObject { ["list"] = new JsonArray([.. Annotations()]) },
        ["links"] = Parts.List(new JsonObject
        {
            ["type"] = "dashboards",
            ["title"] = "UpgradeWatch",
            ["tags"] = Parts.List("upgradewatch"),
            ["asDropdown"] = true,
            ["includeVars"] = true,
            ["keepTime"] = true,
        }),
        ["panels"] = new JsonArray([.. board.Panels.Select(Write)]),
    };

    private IEnumerable<JsonNode> Variables()
    {
        yield return DataSource(board.DataSource, board.AsksLogs ? "Prometheus data source" : "Data source", "prometheus");
        if (board.AsksLogs) yield return DataSource("loki_datasource", "Loki data source", "loki");
        foreach (var variable in board.Variables) yield return variable.IsText ? Text(variable) : Values(variable);
    }

    private static JsonObject DataSource(string name, string label, string type) => new()
    {
        ["type"] = "datasource",
        ["name"] = name,
        ["label"] = label,
        ["query"] = type,
        ["refresh"] = 1,
        ["hide"] = 0,
        ["regex"] = "",
        ["current"] = new JsonObject(),
        ["options"] = new JsonArray(),
    };

    private static JsonObject Text(Variable variable) => new()
    {
        ["type"] = "textbox",
        ["name"] = variable.Name,
        ["label"] = variable.Label,
        ["query"] = variable.Query,
        ["hide"] = 0,
        ["current"] = new JsonObject { ["text"] = variable.Query, ["value"] = variable.Query },
        ["options"] = Parts.List(new JsonObject { ["selected"] = true, ["text"] = variable.Query, ["value"] = variable.Query }),
    };

    // Refreshed when the time range changes: targets and SLIs come and go.
    private JsonObject Values(Variable variable) => new()
    {
        ["type"] = "query",
        ["name"] = variable.Name,
        ["label"] = variable.Label,
        ["datasource"] = Prometheus(),
        ["query"] = new JsonObject { ["query"] = variable.Query, ["refId"] = variable.Name },
        ["definition"] = variable.Query,
        ["refresh"] = 2,
        ["sort"] = 1,
        ["hide"] = 0,
        ["regex"] = "",
        ["multi"] = variable.IsMulti,
        ["includeAll"] = variable.IsMulti,
        ["current"] = variable.IsMulti ? new JsonObject { ["selected"] = true, ["text"] = Parts.List("All"), ["value"] = Parts.List("$__all") } : new JsonObject(),
        ["options"] = new JsonArray(),
    };

    private IEnumerable<JsonNode> Annotations()
    {
        yield return Annotation("Annotations & Alerts", GrafanaItself(), "rgba(0, 211, 255, 1)", enabled: true, new JsonObject
        {
            ["builtIn"] = 1,
            ["hide"] = true,
            ["type"] = "dashboard",
            ["target"] = Tags("dashboard"),
        });
        yield return Annotation("Upgrades", GrafanaItself(), "orange", enabled: true, new JsonObject
        {
            ["target"] = Tags("tags", board.MarkedTarget is null ? ["upgradewatch"] : ["upgradewatch", $"target:{board.MarkedTarget}"]),
        });

        // Without the right to write annotations the same marks come out of the metrics.
        var selector = board.MarkedTarget is null ? "" : $"{{target=\"{board.MarkedTarget}\"}}";
        yield return Annotation("Phases, from the metrics", Prometheus(), "purple", enabled: false, new JsonObject
        {
            ["expr"] = $"1000 * max by (target, phase) (upgradewatch_upgrade_phase_start_timestamp_seconds{selector})",
            ["step"] = "60s",
            ["titleFormat"] = "{{target}}: {{phase}}",
            ["textFormat"] = "this phase began",
            ["tagKeys"] = "target,phase",
            ["useValueForTime"] = true,
        });
    }

    private static JsonObject Annotation(string name, JsonObject dataSource, string color, bool enabled, JsonObject more)
    {
        more["name"] = name;
        more["datasource"] = dataSource;
        more["enable"] = enabled;
        more["iconColor"] = color;
        return more;
    }

    private static JsonObject Tags(string type, params string[] tags) => new()
    {
        ["type"] = type,
        ["tags"] = Parts.List(tags.Select(tag => (JsonNode)tag)),
        ["matchAny"] = false,
        ["limit"] = 500,
    };

    private JsonObject Write(Panel panel)
    {
        var written = new JsonObject { ["id"] = ++_id, ["type"] = panel.Type, ["title"] = panel.Title };
        written["gridPos"] = Place(panel);
        if (panel.Type == "row")
        {
            written["collapsed"] = panel.Within.Count > 0;
            written["panels"] = new JsonArray([.. panel.Within.Select(Write)]);
            return written;
        }

        if (panel.Description.Length > 0) written["description"] = panel.Description;
        if (panel.Type is not ("text" or "alertlist")) written["datasource"] = panel.AsksLogs ? Loki() : Prometheus();
        if (panel.Repeat is { } variable)
        {
            written["repeat"] = variable;
            written["repeatDirection"] = "h";
            written["maxPerRow"] = 2;
        }

        written["fieldConfig"] = Fields(panel);
        written["options"] = panel.Options.DeepClone();
        if (panel.Transformations.Count > 0) written["transformations"] = new JsonArray([.. panel.Transformations.Select(one => one.DeepClone())]);
        if (panel.Queries.Count > 0) written["targets"] = new JsonArray([.. panel.Queries.Select((query, index) => Target(panel, query, index))]);
        return written;
    }

    private JsonObject Place(Panel panel)
    {
        if (panel.Type == "row" || _x + panel.Width > Columns)
        {
            _y += _rowHeight;
            (_x, _rowHeight) = (0, 0);
        }

        var place = new JsonObject { ["x"] = _x, ["y"] = _y, ["w"] = panel.Width, ["h"] = panel.Height };
        _x += panel.Width;
        _rowHeight = Math.Max(_rowHeight, panel.Height);
        return place;
    }

    private static JsonObject Fields(Panel panel)
    {
        var defaults = new JsonObject
        {
            ["unit"] = panel.Unit,
            ["noValue"] = panel.NoValue,
            ["thresholds"] = new JsonObject
            {
                ["mode"] = "absolute",
                ["steps"] = Parts.List(panel.Thresholds.Select(step => (JsonNode)new JsonObject { ["color"] = step.Color, ["value"] = step.From })),
            },
            ["mappings"] = Parts.Mappings(panel.Mappings),
            ["custom"] = panel.Custom.DeepClone(),
        };
        if (panel.Type is "stat" or "state-timeline") defaults["color"] = new JsonObject { ["mode"] = "thresholds" };
        if (panel.DataLinks.Count > 0)
            defaults["links"] = Parts.List(panel.DataLinks.Select(link => (JsonNode)new JsonObject { ["title"] = link.Title, ["url"] = link.Url }));
        return new JsonObject { ["defaults"] = defaults, ["overrides"] = Parts.List(panel.Overrides.Select(Write)) };
    }

    private static JsonNode Write(Override changed) => new JsonObject
    {
        ["matcher"] = new JsonObject { ["id"] = changed.IsPattern ? "byRegexp" : "byName", ["options"] = changed.Field },
        ["properties"] = Parts.List(changed.Properties.Select(property => (JsonNode)new JsonObject { ["id"] = property.Id, ["value"] = property.Value?.DeepClone() })),
    };

    private JsonObject Target(Panel panel, Query query, int index)
    {
        var target = new JsonObject
        {
            ["refId"] = ((char)('A' + index)).ToString(),
            ["datasource"] = panel.AsksLogs ? Loki() : Prometheus(),
            ["expr"] = query.Expression,
        };
        if (query.Legend.Length > 0) target["legendFormat"] = query.Legend;
        if (panel.AsksLogs) return target;
        target["instant"] = query.Shape != QueryShape.Course;
        target["range"] = query.Shape == QueryShape.Course;
        target["format"] = query.Shape == QueryShape.Table ? "table" : "time_series";
        return target;
    }

    private JsonObject Prometheus() => new() { ["type"] = "prometheus", ["uid"] = $"${board.DataSource}" };

    private static JsonObject Loki() => new() { ["type"] = "loki", ["uid"] = "$loki_datasource" };

    private static JsonObject GrafanaItself() => new() { ["type"] = "grafana", ["uid"] = "-- Grafana --" };
}
