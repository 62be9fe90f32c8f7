using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>The server of the tests answers as it was recorded from Grafana 7.5.5. Numbers are compared by which annotation they name.</summary>
public class RecordedGrafanaTests
{
    [Theory]
    [InlineData("create-and-find.json")]
    [InlineData("change-and-delete.json")]
    [InlineData("roles.json")]
    [InlineData("data-sources.json")]
    public async Task It_answers_as_recorded(string bundle)
    {
        await using var server = await GrafanaTestServer.StartAsync();
        server.AddDataSource("prometheus", "Prometheus", "prometheus", new Uri("http://127.0.0.1:9/"));
        server.AddDataSource("dead", "Dead", "prometheus", new Uri("http://127.0.0.1:9/"));
        var ids = new Dictionary<long, long>();
        foreach (var exchange in JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Grafana/Bundles", bundle)))!.AsArray())
        {
            var (status, answer) = await ReplayAsync(server, exchange!, ids);
            var recorded = exchange!["answer"];
            if (answer is JsonObject && recorded is JsonObject && recorded["id"] is { } old && answer["id"] is { } now)
            {
                ids[old.GetValue<long>()] = now.GetValue<long>();
            }

            var name = $"{bundle} {exchange["name"]} {exchange["path"]}";
            Assert.Equal($"{name} {exchange["status"]}", $"{name} {status}");
            if (recorded is not null) Assert.Equal($"{name} {Normal(recorded, ids)}", $"{name} {Normal(answer, null)}");
        }
    }

    private static async Task<(int Status, JsonNode? Answer)> ReplayAsync(GrafanaTestServer server, JsonNode exchange, Dictionary<long, long> ids)
    {
        using var client = exchange["role"]!.GetValue<string>() switch
        {
            "none" => server.Client(null),
            "bad" => server.Client("nobody"),
            "bad-basic" => server.Client("admin", "wrong"),
            "viewer" => server.Client(GrafanaTestServer.ViewerToken),
            "editor" => server.Client(),
            _ => server.Client("admin", "admin"),
        };
        using var request = new HttpRequestMessage(new HttpMethod(exchange["method"]!.GetValue<string>()), MapPath(exchange["path"]!.GetValue<string>(), ids));
        if (exchange["body"] is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.GetValue<string>()));
            var type = exchange["contentType"]!.GetValue<string>();
            if (type.Length > 0) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private static string MapPath(string path, Dictionary<long, long> ids)
    {
        var last = path.LastIndexOf('/') + 1;
        return long.TryParse(path[last..], out var id) && ids.TryGetValue(id, out var mapped) ? $"{path[..last]}{mapped}" : path;
    }

    /// <summary>Annotations with the fields that are compared, their numbers translated; anything else as it is.</summary>
    private static string Normal(JsonNode? node, Dictionary<long, long>? ids)
    {
        if (node is JsonArray list) return string.Join('\n', list.Select(one => Normal(one, ids)));
        if (node is not JsonObject record || record["id"] is not { } id) return node?.ToJsonString() ?? "null";
        var number = id.GetValue<long>();
        if (ids is not null) number = ids.GetValueOrDefault(number, -1);
        return record["text"] is null
            ? $"{number} {record["message"]}"
            : $"{number} {record["time"]} {record["timeEnd"]} {record["text"]} {record["tags"]?.ToJsonString() ?? "null"}";
    }
}
