using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using UpgradeWatch.Configuration;
using UpgradeWatch.Http;
using UpgradeWatch.Security;
using UpgradeWatch.Telemetry;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Hosting;

/// <summary>The whole server, put together in one place: for the verb, the demo, the tests and the simulation alike.</summary>
internal sealed class ServeHost : IAsyncDisposable
{
    private const long LargestBody = 1024 * 1024;
    private const int MostConnections = 1000;
    private const int MostScrapers = 500;

    /// <summary>Nobody needs longer to say what is asked for; who takes longer wants to hold a connection.</summary>
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly int _apiListeners;

    private ServeHost(WebApplication app, int apiListeners) => (_app, _apiListeners) = (app, apiListeners);

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Addresses of the API once it has started, with the real ports.</summary>
    public IReadOnlyList<Uri> ApiUrls => [.. Addresses.Take(_apiListeners)];

    /// <summary>Addresses of metrics and probes once it has started, with the real ports.</summary>
    public IReadOnlyList<Uri> MetricsUrls => [.. Addresses.Skip(_apiListeners)];

    private IEnumerable<Uri> Addresses => _app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a));

    /// <summary>Puts a server together. Nothing is opened before it starts.</summary>
    /// <param name="options">The configuration, checked.</param>
    /// <param name="settings">What the command line says.</param>
    /// <param name="configure">Replaces services: the clock, the store, the sources. Comes last.</param>
    /// <exception cref="ArgumentException">The settings have a mistake, see <see cref="ServeSettings.FindMistake"/>.</exception>
    public static ServeHost Build(UpgradeWatchOptions options, ServeSettings settings, Action<IServiceCollection>? configure = null)
    {
        if (settings.FindMistake(options.Auth) is { } mistake) throw new ArgumentException(mistake, nameof(settings));

        // The empty builder: what configures this server is its configuration file, not an appsettings.json that
        // happens to lie in the working directory, and no folder is watched.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(OpenTelemetrySetup.Variables(settings.Environment));
        // Who is behind a proxy shares its address with all the others; who scrapes or probes needs one or two.
        var connections = new ConnectionLimit(MostConnections, ofOneAddress: MostConnections / 2);
        var scrapers = new ConnectionLimit(MostScrapers, ofOneAddress: MostScrapers / 10);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = LargestBody;
            server.Limits.RequestHeadersTimeout = HeadersWithin;
            server.ConfigureEndpointDefaults(BareRefusals.Explain);
            foreach (var url in settings.Urls) ListenAddress.Parse(url).ListenForApi(server, connections);
            foreach (var url in settings.MetricsUrls) ListenAddress.Parse(url).ListenForMetrics(server, scrapers);
        });
        builder.Logging.AddConsoleLines(settings.LogLevel);
        builder.AddTelemetryExport(options.Instance);
        builder.Services.AddServer(options, settings);
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        app.Use(HeadRequests.AnswerAsync);
        app.UseMiddleware<TroubleMiddleware>();
        app.Use(Listeners.GuardAsync);
        app.UseWhen(context => !Listeners.IsMetrics(context), api => api.UseMiddleware<BrowserGuard>(AllowedHosts.Of(options.Auth, settings.Insecure)));
        app.UseRouting();
        app.UseWhen(context => !Listeners.IsMetrics(context), api => api.UseMiddleware<AccessMiddleware>());
        app.MapAll();
        return new ServeHost(app, settings.Urls.Count);
    }

    /// <summary>Whether it ended because another instance has become the active one: it is to be put together and started again.</summary>
    public bool MustStartAgain => _app.Services.GetRequiredService<LeaseWorker>().HasLost;

    /// <summary>Why it ended by itself and cannot be started again, in a sentence; null when it did not.</summary>
    public string? Fatal => _app.Services.GetRequiredService<LeaseWorker>().Fatal;

    /// <summary>What a part that is not meant to end has failed with, which ends the server; null when none has.</summary>
    public Exception? Failure => _app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Select(part => part.ExecuteTask?.Exception?.InnerException).FirstOrDefault(failure => failure is not null);

    /// <summary>Opens the store, loads what it keeps, then listens and looks.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>Ends when the token asks for it, or when the server stops by itself; then everything has been stopped, within 10 s.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops everything, within 10 s.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
