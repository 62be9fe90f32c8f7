using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Compose;

/// <summary>The stack is up, and its shop has been upgraded badly: what the README has people do.</summary>
public sealed class ComposeStory : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private ComposeStack? _stack;

    /// <summary>Prometheus of the stack.</summary>
    public PrometheusQuery Prometheus { get; private set; } = null!;

    internal ComposeStack Stack => _stack!;

    public async Task InitializeAsync()
    {
        _stack = await ComposeStack.CreateAsync();
        Prometheus = new PrometheusQuery(() => Stack.Url("prometheus", 9090));
        foreach (var service in (string[])["shop", "alertmanager", "prometheus", "upgradewatch"]) await Stack.UpAsync(service);
        await ProvisionAsync();

        await Stack.Process("upgradewatch").WaitForLineAsync("version=1.4.2 state=\"runs\"");
        await Prometheus.WaitAsync("count(up == 1) == 2");
        await Stack.UpAsync("shop", ("SHOP_VERSION", "1.5.0"), ("SHOP_SCENARIO", "errors"));
        await Stack.Process("upgradewatch").WaitForLineAsync("to=post-upgrade");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        Prometheus.Dispose();
        if (_stack is not null) await _stack.DisposeAsync();
    }

    /// <summary>Asks a service and reads JSON.</summary>
    public Task<JsonElement> GetAsync(string service, int port, string path) => _client.GetFromJsonAsync<JsonElement>(new Uri(Stack.Url(service, port), path));

    /// <summary>Waits for what is seen of the stack.</summary>
    public Task UntilAsync(Func<Task<bool>> isSo) => Readiness.UntilAsync(isSo, () => null, Stack.Output, CancellationToken.None);

    /// <summary>Asks Grafana what a panel or an alert rule asks of a data source; gives the answer's series.</summary>
    public async Task<JsonArray> AskGrafanaAsync(string source, string expression)
    {
        using var admin = Admin();
        using var answer = await admin.GetAsync($"api/datasources/proxy/uid/{source}/api/v1/query?query={Uri.EscapeDataString(expression)}");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{expression}: {(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!["data"]!["result"]!.AsArray();
    }

    /// <summary>The files that Grafana is provisioned with from a folder of its container, as JSON.</summary>
    public IReadOnlyList<JsonNode> Provisioned(string kind) =>
        [.. Stack.Container("grafana").FilesUnder($"/etc/grafana/provisioning/{kind}/").Select(path => YamlJson.Parse(File.ReadAllText(path)))];

    /// <summary>The dashboards that Grafana is provisioned with.</summary>
    public IReadOnlyList<JsonNode> Dashboards() =>
        [.. Provisioned("dashboards").SelectMany(file => file["providers"]!.AsArray()).SelectMany(provider => Directory.GetFiles((string)provider!["options"]!["path"]!, "*.json")).Select(path => JsonNode.Parse(File.ReadAllText(path))!)];

    private async Task ProvisionAsync()
    {
        foreach (var source in Provisioned("datasources").SelectMany(file => file["datasources"]!.AsArray()))
            Stack.Grafana.AddDataSource((string)source!["uid"]!, (string)source["name"]!, (string)source["type"]!, new Uri((string)source["url"]!));
        using var admin = Admin();
        foreach (var board in Dashboards())
        {
            using var answer = await admin.PostAsJsonAsync("api/dashboards/db", new JsonObject { ["dashboard"] = board, ["overwrite"] = true });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private HttpClient Admin()
    {
        var password = File.ReadAllText(Stack.Container("grafana").PathOf("/run/secrets/grafana-password")).TrimEnd();
        return new HttpClient
        {
            BaseAddress = Stack.Grafana.Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}"))) },
        };
    }
}
