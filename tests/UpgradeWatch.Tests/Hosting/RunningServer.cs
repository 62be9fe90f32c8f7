using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Hosting;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Hosting;

/// <summary>A whole server on free ports, with a clock and a source in the test's hand.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder? _ownFolder;
    private readonly ServeHost _host;

    private RunningServer(ServeHost host, TempFolder? ownFolder, FakeTimeProvider time, ScriptedSource source)
    {
        (_host, _ownFolder, Time, Source) = (host, ownFolder, time, source);
        Api = new HttpClient { BaseAddress = host.ApiUrls[0] };
        Metrics = new HttpClient { BaseAddress = host.MetricsUrls[0] };
    }

    public FakeTimeProvider Time { get; }

    public ScriptedSource Source { get; }

    public HttpClient Api { get; }

    public HttpClient Metrics { get; }

    public IServiceProvider Services => _host.Services;

    public ServeHost Host => _host;

    public static UpgradeWatchOptions Options(string storePath, params string[] targets) => new()
    {
        Storage = new StorageOptions { Path = storePath },
        Instance = new InstanceOptions { Labels = new Dictionary<string, string> { ["cluster"] = "eu-1", ["environment"] = "test" } },
        Targets =
        [
            .. (targets.Length == 0 ? ["checkout", "cart"] : targets).Select(name => new TargetOptions
            {
                Name = name, Owner = "shop-team", Labels = new Dictionary<string, string> { ["namespace"] = "shop" },
            }),
        ],
    };

    public static async Task<RunningServer> StartAsync(
        UpgradeWatchOptions? options = null, Action<IServiceCollection>? configure = null, FakeTimeProvider? time = null, bool runWorkers = false,
        IReadOnlyDictionary<string, string?>? environment = null, LogLevel logLevel = LogLevel.None, string[]? urls = null)
    {
        var folder = options is null ? new TempFolder() : null;
        var source = new ScriptedSource();
        time ??= new FakeTimeProvider(Start);
        var settings = new ServeSettings
        {
            Urls = urls ?? ["http://127.0.0.1:0"],
            MetricsUrls = ["http://127.0.0.1:0"],
            RunWorkers = runWorkers,
            LogLevel = logLevel,
            Environment = environment ?? new Dictionary<string, string?>(),
        };
        var host = ServeHost.Build(options ?? Options(folder!.File("store.db")), settings, services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.RemoveAll<IMetricSource>();
            services.AddSingleton<IMetricSource>(source);
            configure?.Invoke(services);
        });
        await host.StartAsync(CancellationToken.None);
        return new RunningServer(host, folder, time, source);
    }

    /// <summary>Opens an upgrade and gives its id.</summary>
    public async Task<string> BeginAsync(string target = "checkout", string phase = "pre-upgrade", string version = "1.5.0")
    {
        using var answer = await PostAsync("/api/v1/upgrades", $$"""{"target":"{{target}}","fromVersion":"1.4.2","toVersion":"{{version}}","phase":"{{phase}}"}""");
        Assert.Equal(201, (int)answer.StatusCode);
        return (await JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    public async Task MoveAsync(string id, string phase)
    {
        using var answer = await PostAsync($"/api/v1/upgrades/{id}/phase", $$"""{"phase":"{{phase}}"}""");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    /// <summary>Lets time pass in steps of 15 s with a look after each, and the history read that is due.</summary>
    public async Task PassAsync(TimeSpan duration)
    {
        var evaluator = Services.GetRequiredService<Evaluator>();
        for (var passed = TimeSpan.Zero; passed < duration; passed += TimeSpan.FromSeconds(15))
        {
            Time.Advance(TimeSpan.FromSeconds(15));
            await evaluator.TickAsync(CancellationToken.None);
            await Services.GetRequiredService<HistoryReader>().RunOnceAsync(CancellationToken.None);
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Api.SendAsync(request);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Api.GetAsync(path);
        Assert.Equal(200, (int)answer.StatusCode);
        return await JsonAsync(answer);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Metrics.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
