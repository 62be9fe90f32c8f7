using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>Where in the life of an upgrade the server is killed.</summary>
internal enum Stage
{
    /// <summary>While an upgrade is opened.</summary>
    Begin,

    /// <summary>While it is moved, or its checklist is changed.</summary>
    Advance,

    /// <summary>While it is judged.</summary>
    Evaluate,

    /// <summary>While something is being told to Grafana.</summary>
    Deliver,
}

/// <summary>A server that is killed again and again, with the target, the Grafana and the event stream that outlive it.</summary>
internal sealed class Victim : IAsyncDisposable
{
    private readonly int[] _kills = new int[4];

    private Victim(ScrapedShop shop, GrafanaTestServer grafana, UpgradeWatchServer server)
    {
        (Shop, Grafana, Server) = (shop, grafana, server);
        Client = new HttpClient { BaseAddress = server.Url };
        Events = new EventFollower(server.Url);
    }

    public ScrapedShop Shop { get; }

    public GrafanaTestServer Grafana { get; }

    public UpgradeWatchServer Server { get; }

    public HttpClient Client { get; }

    public EventFollower Events { get; }

    /// <summary>How often it was killed, by stage.</summary>
    public IReadOnlyList<int> Kills => _kills;

    /// <summary>Prepares everything; the server is started by <see cref="StartAsync"/>.</summary>
    /// <param name="executable">The program that serves; null for the one under test.</param>
    public static async Task<Victim> CreateAsync(string? executable = null)
    {
        var shop = await ScrapedShop.StartAsync();
        var grafana = await GrafanaTestServer.StartAsync();
        var folder = Path.Combine(AppContext.BaseDirectory, "KillTests");
        Directory.CreateDirectory(folder);
        var token = Path.Combine(folder, "grafana-token");
        await File.WriteAllTextAsync(token, GrafanaTestServer.EditorToken);
        var configuration = $$"""
            grafana: { url: '{{grafana.Url}}', tokenFile: '{{token}}' }
            evaluation:
              intervalSeconds: 0.25
              stepSeconds: 0.25
              delaySeconds: 0.25
              baselineSeconds: 3
              observationSeconds: 60
              minimumSeconds: 1
              warmupSeconds: 0.5
              historySeconds: 3600
            targets:
              - { name: shop, profile: aspnetcore, scrape: { url: '{{shop.MetricsUrl}}' } }
            """;
        return new Victim(shop, grafana, new UpgradeWatchServer(configuration) { Executable = executable ?? UpgradeWatchExecutable.Path });
    }

    /// <summary>Starts it, again when it was killed.</summary>
    public async Task StartAsync()
    {
        await Server.StartAsync();
        await Events.ResumeAsync();
    }

    /// <summary><c>kill -9</c> and a new start.</summary>
    public async Task KillAsync(Stage stage)
    {
        _kills[(int)stage]++;
        await Server.KillAsync();
        await StartAsync();
    }

    /// <summary>Waits until everything that was to be said has been said, and stops it.</summary>
    public async Task DrainAsync()
    {
        Grafana.Faults.Often(0, 0);
        Grafana.Faults.Slow(0, TimeSpan.Zero, 0);
        await Readiness.UntilAsync(
            async () => JsonNode.Parse(await Client.GetStringAsync(new Uri("/api/v1/status", UriKind.Relative)))!["outboxPending"]!.AsObject().All(sink => (int)sink.Value! == 0),
            () => null,
            () => $"The outbox does not run empty.\n{Server.Output}",
            CancellationToken.None);
        await Server.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Events.Dispose();
        Client.Dispose();
        await Grafana.DisposeAsync();
        await Shop.DisposeAsync();
    }
}
