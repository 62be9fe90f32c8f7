using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Hosting;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Workers;

namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>
/// The real host with its store in a file (in memory, so that a flush costs nothing) on virtual time: all targets are
/// upgraded again and again, everything is looked at, delivered, read and dropped as in production.
/// </summary>
public sealed class SoakRun : IAsyncDisposable
{
    private const double Megabyte = 1e6;
    private const int MinutesBetweenReads = 15;

    private static readonly DateTimeOffset Begin = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    private readonly SoakPlan _plan;
    private readonly TempFolder _folder = new(inMemory: true);
    private readonly FakeTimeProvider _time = new(Begin);
    private readonly SoakSource _source;
    private readonly SoakTargets _targets;
    private readonly CountingSink _sink = new(GrafanaSink.SinkName);
    private readonly SimulatedServer _server;
    private double _lag;
    private long _evaluated;
    private int _series;

    private SoakRun(SoakPlan plan)
    {
        _plan = plan;
        _source = new SoakSource(plan.IntervalSeconds);
        _targets = new SoakTargets(plan, _source, Begin);
        _server = new SimulatedServer(Options(), Settings(), Configure);
    }

    /// <summary>Soaks.</summary>
    /// <param name="plan">How much.</param>
    /// <param name="tell">Told about each virtual hour.</param>
    public static async Task<IReadOnlyList<SoakHour>> RunAsync(SoakPlan plan, Action<SoakHour> tell)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tell);
        await using var run = new SoakRun(plan);
        return await run.RunAsync(tell).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private async Task<IReadOnlyList<SoakHour>> RunAsync(Action<SoakHour> tell)
    {
        await _server.StartAsync().ConfigureAwait(false);
        using var pruning = ActivatorUtilities.CreateInstance<PruneWorker>(_server.Services);
        await pruning.StartAsync(CancellationToken.None).ConfigureAwait(false);
        List<SoakHour> hours = [];
        for (var hour = 1; hour <= _plan.Duration.TotalHours; hour++)
        {
            hours.Add(await HourAsync(hour).ConfigureAwait(false));
            tell(hours[^1]);
        }

        await pruning.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return hours;
    }

    private async Task<SoakHour> HourAsync(int hour)
    {
        var looks = 3600 / _plan.IntervalSeconds;
        (_lag, _evaluated) = (0, 0);
        var before = Environment.CpuUsage.TotalTime;
        for (var look = 0; look < looks; look++)
        {
            _time.Advance(TimeSpan.FromSeconds(_plan.IntervalSeconds));
            await LookAsync().ConfigureAwait(false);
        }

        var used = Environment.CpuUsage.TotalTime - before;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return new SoakHour
        {
            At = TimeSpan.FromHours(hour),
            ManagedMegabytes = GC.GetTotalMemory(forceFullCollection: false) / Megabyte,
            ResidentMegabytes = process.WorkingSet64 / Megabyte,
            StoreMegabytes = Directory.EnumerateFiles(_folder.Path).Sum(file => new FileInfo(file).Length) / Megabyte,
            Upgrades = CountUpgrades(),
            LagSeconds = _lag,
            LookMilliseconds = used.TotalMilliseconds / looks,
            Series = _series,
            Evaluated = _evaluated,
        };
    }

    private async Task LookAsync()
    {
        var service = _server.Services.GetRequiredService<UpgradeService>();
        var since = _time.GetUtcNow() - Begin;
        if (since.Seconds == 0) await _targets.ActAsync(service, _time.GetUtcNow()).ConfigureAwait(false);
        await _server.LookAsync().ConfigureAwait(false);
        await _server.Services.GetRequiredService<OutboxDelivery>().RunOnceAsync(CancellationToken.None).ConfigureAwait(false);
        _lag = Math.Max(_lag, _server.Services.GetRequiredService<Evaluator>().LagSeconds);
        _evaluated += service.Current.Where(upgrade => upgrade.IsOpen && !upgrade.Verdict.Final).Sum(upgrade => upgrade.Plan?.Slis.Count ?? 0);
        if (since.Seconds == 0 && since.Minutes % MinutesBetweenReads == 0) await ReadAsync().ConfigureAwait(false);
    }

    // As Prometheus and pipelines do.
    private async Task ReadAsync()
    {
        var metrics = await _server.Metrics.GetStringAsync(new Uri("/metrics", UriKind.Relative)).ConfigureAwait(false);
        _series = metrics.Split('\n').Count(line => line.StartsWith("upgradewatch_", StringComparison.Ordinal));
        for (var target = 0; target < _plan.Targets; target++)
        {
            using var verdict = await _server.Client.GetAsync(new Uri($"/api/v1/targets/{SoakTargets.NameOf(target)}/verdict", UriKind.Relative)).ConfigureAwait(false);
            await verdict.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        }
    }

    private int CountUpgrades()
    {
        using var connection = new SqliteConnection($"Data Source={StorePath};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM upgrades";
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private string StorePath => _folder.File("store.db");

    private void Configure(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IReadOnlyList<IMetricSource>>([_source]);
        services.AddSingleton<IReadOnlyList<IOutboxSink>>([_sink]);
        services.AddSingleton<IReadOnlyList<IIncidentSource>>([]);
    }

    private UpgradeWatchOptions Options()
    {
        var evaluation = new EvaluationOptions
        {
            IntervalSeconds = _plan.IntervalSeconds,
            StepSeconds = _plan.IntervalSeconds,
            HistorySeconds = _plan.History.TotalSeconds,
        };
        var slis = SoakSource.OwnSlis(_plan.SlisPerTarget - SoakSource.ProfileSlis);
        return new UpgradeWatchOptions
        {
            Evaluation = evaluation,
            Storage = new StorageOptions { Path = StorePath, RetentionDays = _plan.RetentionDays },
            Grafana = new EndpointOptions { Url = new Uri("http://127.0.0.1:9") },
            Targets = [.. Enumerable.Range(0, _plan.Targets).Select(i => new TargetOptions { Name = SoakTargets.NameOf(i), Profile = "aspnetcore", Evaluation = evaluation, Slis = slis })],
        };
    }

    private static ServeSettings Settings() => new()
    {
        Urls = ["http://127.0.0.1:0"],
        MetricsUrls = ["http://127.0.0.1:0"],
        RunWorkers = false,
        LogLevel = LogLevel.None,
    };
}
