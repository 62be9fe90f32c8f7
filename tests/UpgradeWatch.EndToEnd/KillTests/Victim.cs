using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Sqlite;
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

    private readonly UpgradeWatchServer? _second;

    private Victim(ScrapedShop shop, GrafanaTestServer grafana, UpgradeWatchServer server, UpgradeWatchServer? second, SharedDatabase? database, int seed)
    {
        (Shop, Grafana, Server, Database, _second) = (shop, grafana, server, database, second);
        Client = database is null && second is null ? new HttpClient() : new HttpClient(new PatientHandler(second is null ? [server.Url] : [server.Url, second.Url]));
        Client.BaseAddress = server.Url;
        Events = new EventFollower(server.Url);

        // The lock on a file stays with a process that is held, as it should: only one that is gone is replaced.
        Pair = second is null ? null : new Pair(server, second, seed, canBeHeld: database is not null);
    }

    public ScrapedShop Shop { get; }

    public GrafanaTestServer Grafana { get; }

    public UpgradeWatchServer Server { get; }

    /// <summary>The database that keeps the state; null for a file.</summary>
    public SharedDatabase? Database { get; }

    /// <summary>The two servers on one store; null when there is one.</summary>
    public Pair? Pair { get; }

    public HttpClient Client { get; }

    public EventFollower Events { get; }

    /// <summary>How often it was killed, by stage.</summary>
    public IReadOnlyList<int> Kills => _kills;

    /// <summary>Whether it is asked to end (SIGTERM) in place of being killed; it must do so without complaint.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Prepares everything; the server is started by <see cref="StartAsync"/>.</summary>
    /// <param name="executable">The program that serves; null for the one under test.</param>
    /// <param name="isPostgres">Whether the state is kept in PostgreSQL, not in a file.</param>
    /// <param name="servers">How many there are.</param>
    /// <param name="seed">Draws what happens to two of them.</param>
    /// <param name="isAsked">Whether it is asked to end in place of being killed.</param>
    public static async Task<Victim> CreateAsync(string? executable = null, bool isPostgres = false, int servers = 1, int seed = 0, bool isAsked = false)
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
        var database = isPostgres ? await SharedDatabase.StartAsync() : null;
        UpgradeWatchServer Make(string? storage) => new(configuration, storage) { Executable = executable ?? UpgradeWatchExecutable.Path };
        var first = Make(database?.Storage);
        var second = servers > 1 ? Make(database?.Storage ?? $"{{ path: '{first.DatabaseFile}' }}") : null;
        return new Victim(shop, grafana, first, second, database, seed) { IsAsked = isAsked };
    }

    /// <summary>Starts it, again when it was killed.</summary>
    public async Task StartAsync()
    {
        await Server.StartAsync();
        if (Pair is null) await Events.ResumeAsync();
    }

    /// <summary>Starts the first server, then the second one where there are two.</summary>
    public async Task StartAllAsync()
    {
        await StartAsync();
        if (Database is not null) await Database.WatchWritersAsync();
        if (_second is not null) await _second.StartAsync();
    }

    /// <summary><c>kill -9</c>, or SIGTERM where it is asked, and a new start; of two, one is killed, stopped or held.</summary>
    public async Task KillAsync(Stage stage)
    {
        _kills[(int)stage]++;
        if (Pair is not null)
        {
            await Pair.HarmAsync();
            return;
        }

        if (IsAsked) Assert.Equal(0, await Server.StopAsync());
        else await Server.KillAsync();
        await StartAsync();
    }

    /// <summary>Waits until everything that was to be said has been said, and stops it.</summary>
    public async Task DrainAsync()
    {
        Grafana.Faults.Often(0, 0);
        Grafana.Faults.Slow(0, TimeSpan.Zero, 0);
        await Readiness.UntilAsync(
            async () => HasLookedBack && JsonNode.Parse(await Client.GetStringAsync(new Uri("/api/v1/status", UriKind.Relative)))!["outboxPending"] is JsonObject { Count: 0 },
            () => null,
            () => $"The outbox does not run empty.\n{Server.Output}",
            CancellationToken.None);
        await Server.StopAsync();
        if (_second is not null) await _second.StopAsync();
    }

    // Whoever has become the active one tells what is new, and then looks up again what was told before.
    private bool HasLookedBack => new[] { Server, _second }.Any(server => server is not null
        && server.Output.LastIndexOf("is looked up outside", StringComparison.Ordinal) > server.Output.LastIndexOf("On standby: ", StringComparison.Ordinal));

    /// <summary>The store, when all servers have stopped.</summary>
    public async Task<IUpgradeStore> OpenStoreAsync() => Database is not null
        ? await Database.OpenAsync()
        : await SqliteStore.OpenAsync(Server.DatabaseFile, "audit", TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_second is not null) await _second.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        Events.Dispose();
        Client.Dispose();
        await Grafana.DisposeAsync();
        await Shop.DisposeAsync();
    }
}
