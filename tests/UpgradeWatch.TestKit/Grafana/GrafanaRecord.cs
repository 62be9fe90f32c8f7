using System.Text.Json.Nodes;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>How an annotation is shown in a list.</summary>
internal static class GrafanaRecord
{
    public static JsonObject Write(StoredAnnotation one, GrafanaVersion version)
    {
        var record = new JsonObject { ["id"] = one.Id };
        if (version != GrafanaVersion.V11)
        {
            record["alertId"] = 0;
            record["alertName"] = "";
            record["newState"] = "";
            record["prevState"] = "";
        }

        if (version != GrafanaVersion.V7) record["dashboardUID"] = one.DashboardUid;
        record["dashboardId"] = one.DashboardId;
        record["panelId"] = 0;
        record["userId"] = 0;
        record["time"] = one.Time;
        record["timeEnd"] = one.TimeEnd;
        record["text"] = one.Text;
        record["tags"] = one.Tags is null ? null : new JsonArray([.. one.Tags.Select(tag => (JsonNode)tag)]);
        record["login"] = one.Login;
        record["email"] = "";
        record["avatarUrl"] = "";
        record["data"] = new JsonObject();
        return record;
    }
}
