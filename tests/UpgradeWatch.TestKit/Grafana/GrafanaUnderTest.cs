using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>
/// The server in this process, or a real Grafana when UPGRADEWATCH_TEST_GRAFANA_URL names one (its credentials in
/// UPGRADEWATCH_TEST_GRAFANA_TOKEN, or as user:password in the address).
/// </summary>
public sealed class GrafanaUnderTest : IAsyncDisposable
{
    private readonly GrafanaTestServer? _server;

    private GrafanaUnderTest(GrafanaTestServer? server, HttpClient client) => (_server, Client) = (server, client);

    /// <summary>Asks it, as somebody who may write.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts one of a version, or takes the real one.</summary>
    /// <param name="version">Of the server in this process.</param>
    /// <param name="token">For the server in this process.</param>
    public static async Task<GrafanaUnderTest> StartAsync(GrafanaVersion version, string token = GrafanaTestServer.EditorToken)
    {
        if (Environment.GetEnvironmentVariable("UPGRADEWATCH_TEST_GRAFANA_URL") is { Length: > 0 } address) return new(null, Real(new Uri(address)));
        var server = await GrafanaTestServer.StartAsync(version);
        return new(server, server.Client(token));
    }

    /// <summary>Saves an empty dashboard with a uid; gives its number.</summary>
    public async Task<long> AddDashboardAsync(string uid)
    {
        var board = new JsonObject { ["id"] = null, ["uid"] = uid, ["title"] = $"UpgradeWatch test {uid}", ["panels"] = new JsonArray() };
        return (await PostAsync("api/dashboards/db", new JsonObject { ["dashboard"] = board, ["overwrite"] = true }))["id"]!.GetValue<long>();
    }

    /// <summary>Adds a data source of the type Prometheus with a uid, or finds it again, at an address that a real Grafana must reach too.</summary>
    public async Task AddPrometheusAsync(string uid, Uri url)
    {
        if (_server is not null)
        {
            _server.AddDataSource(uid, uid, "prometheus", url);
            return;
        }

        using var old = await Client.DeleteAsync($"api/datasources/uid/{uid}");
        await PostAsync("api/datasources", new JsonObject { ["uid"] = uid, ["name"] = uid, ["type"] = "prometheus", ["access"] = "proxy", ["url"] = url.ToString() });
    }

    /// <summary>Posts and gives the answer.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<JsonNode> PostAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, content);
        return await ReadAsync(path, answer);
    }

    /// <summary>Gets.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        return await ReadAsync(path, answer);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static HttpClient Real(Uri address)
    {
        var token = Environment.GetEnvironmentVariable("UPGRADEWATCH_TEST_GRAFANA_TOKEN");
        var credentials = string.IsNullOrEmpty(token)
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))))
            : new AuthenticationHeaderValue("Bearer", token);
        var plain = new UriBuilder(address) { UserName = "", Password = "", Path = address.AbsolutePath.TrimEnd('/') + "/" };
        return new HttpClient { BaseAddress = plain.Uri, DefaultRequestHeaders = { Authorization = credentials } };
    }

    private static async Task<JsonNode> ReadAsync(string path, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(body)! : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {body}");
    }
}
