using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>A dashboard.</summary>
internal sealed record StoredDashboard(long Id, string Uid, JsonObject Content)
{
    /// <summary>As it is read back: with the number and the version that the server gave.</summary>
    public JsonObject Written()
    {
        var written = Content.DeepClone().AsObject();
        (written["id"], written["uid"], written["version"]) = (Id, Uid, 1);
        return written;
    }
}

/// <summary>Dashboards with the manners of Grafana.</summary>
internal sealed partial class DashboardStore
{
    private readonly Lock _gate = new();
    private readonly List<StoredDashboard> _all = [];

    public StoredDashboard? ByUid(string uid)
    {
        lock (_gate) return _all.Find(board => board.Uid == uid);
    }

    public StoredDashboard? ById(long id)
    {
        lock (_gate) return _all.Find(board => board.Id == id);
    }

    public long Add(string uid) => Put(uid, new JsonObject { ["title"] = uid }).Id;

    public (int Status, JsonObject Answer) Save(string json)
    {
        JsonObject body;
        try
        {
            body = JsonNode.Parse(json)!.AsObject();
        }
        catch (JsonException)
        {
            return (400, new JsonObject { ["message"] = "bad request data" });
        }

        if (body["dashboard"] is not JsonObject board) return (422, new JsonObject { ["message"] = "Required" });
        if (board["title"] is not { } title || title.ToString().Length == 0) return (400, new JsonObject { ["message"] = "Dashboard title cannot be empty" });
        var uid = board["uid"]?.ToString() ?? "";
        if (uid.Length > 40) return (400, new JsonObject { ["message"] = "uid too long, max 40 characters" });
        if (!UidPattern().IsMatch(uid)) return (400, new JsonObject { ["message"] = "uid contains illegal characters" });
        if (ByUid(uid) is not null && body["overwrite"]?.GetValue<bool>() != true)
            return (412, new JsonObject { ["message"] = "The dashboard has been changed by someone else", ["status"] = "version-mismatch" });
        var saved = Put(uid, board.DeepClone().AsObject());
        return (200, new JsonObject { ["id"] = saved.Id, ["slug"] = "dashboard", ["status"] = "success", ["uid"] = uid, ["url"] = $"/d/{uid}/dashboard", ["version"] = 1 });
    }

    private StoredDashboard Put(string uid, JsonObject content)
    {
        lock (_gate)
        {
            var old = _all.Find(board => board.Uid == uid);
            var put = new StoredDashboard(old?.Id ?? _all.Count + 1, uid, content);
            if (old is not null) _all.Remove(old);
            _all.Add(put);
            return put;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]*$")]
    private static partial Regex UidPattern();
}
