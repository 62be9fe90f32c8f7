using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>
/// The server in this process, or a real Grafana when UPGRADEWATCH_TEST_GRAFANA_URL names one (its credentials in
/// UPGRADEWATCH_TEST_GRAFANA_TOKEN, or as user:password in the address).
/// </summary>
internal sealed class GrafanaUnderTest : IAsyncDisposable
{
    private readonly GrafanaTestServer? _server;

    private GrafanaUnderTest(GrafanaTestServer? server, HttpClient client) => (_server, Client) = (server, client);

    public HttpClient Client { get; }

    public static async Task<GrafanaUnderTest> StartAsync(GrafanaVersion version)
    {
        if (Environment.GetEnvironmentVariable("UPGRADEWATCH_TEST_GRAFANA_URL") is { Length: > 0 } address) return new(null, Real(new Uri(address)));
        var server = await GrafanaTestServer.StartAsync(version);
        return new(server, server.Client());
    }

    /// <summary>Saves an empty dashboard with a uid; gives its number.</summary>
    public async Task<long> AddDashboardAsync(string uid)
    {
        using var content = new StringContent($$"""{"dashboard":{"id":null,"uid":"{{uid}}","title":"UpgradeWatch test {{uid}}","panels":[]},"overwrite":true}""", Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync("api/dashboards/db", content);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["id"]!.GetValue<long>();
    }

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
}
