using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Hosting;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestHost;

// The server as it is, but for its store: serve --config FILE --urls URL --metrics-urls URL [--split] [--hold-at PHASE] [--hold-history before|after]
var options = ConfigLoader.LoadFile(Value("--config")).Options ?? throw new InvalidOperationException("The configuration has a mistake.");
Phase? holdAt = PhaseNames.TryParse(Value("--hold-at"), out var phase) ? phase : null;
var settings = new ServeSettings { Urls = [Value("--urls")!], MetricsUrls = [Value("--metrics-urls")!] };
await using var host = ServeHost.Build(options, settings, services => services.AddSingleton<IUpgradeStore>(provider => new SplitStore(
    SqliteStore.OpenAsync(options.Storage.Path, "test", TimeProvider.System, provider.GetRequiredService<ILogger<SqliteStore>>(), CancellationToken.None).GetAwaiter().GetResult(),
    args.Contains("--split"),
    holdAt,
    Value("--hold-history"))));
await host.StartAsync(CancellationToken.None);
await host.WaitForShutdownAsync(CancellationToken.None);

string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
