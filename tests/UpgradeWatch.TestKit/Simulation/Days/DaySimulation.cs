using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Hosting;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Stores;

namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>
/// A day of several targets on virtual time: the real host with its store before a simulated fleet and a Grafana, people
/// who release, roll back and fix forward, and everything that can go wrong around it. All of it comes from one seed.
/// </summary>
public sealed class DaySimulation : IAsyncDisposable
{
    // The fleet has run for so long that the first release has its baseline.
    private const int MinutesBefore = 120;

    // Three intervals and a minute is what the product allows itself; a look takes place in each.
    private const int MinutesUntilStale = 4;
    private const int MinutesToDeliver = 600;

    private readonly DayPlan _plan;
    private readonly TempFolder _folder = new(inMemory: true);
    private readonly FakeTimeProvider _time;
    private readonly SimulatedFleet _fleet;
    private readonly GrafanaTestServer _grafana;
    private readonly HttpClient _client;
    private readonly DayChecks _checks = new();
    private readonly DayPeople _people;
    private FillableStore? _store;
    private SimulatedServer? _server;
    private int _lookedAt;

    private DaySimulation(DayPlan plan, GrafanaTestServer grafana)
    {
        (_plan, _grafana, _client, _time) = (plan, grafana, grafana.Client(), new FakeTimeProvider(plan.Midnight));
        var midnight = plan.Midnight.ToUnixTimeSeconds() / (long)SimulatedFleet.StepSeconds;
        _fleet = new SimulatedFleet(plan, midnight, midnight - MinutesBefore);
        _people = new DayPeople(plan, _fleet);
    }

    /// <summary>Runs what a seed decides.</summary>
    public static Task<DayResult> RunAsync(int seed) => RunAsync(DayPlan.Draw(seed));

    /// <summary>Runs a day.</summary>
    public static async Task<DayResult> RunAsync(DayPlan plan)
    {
        await using var day = new DaySimulation(plan, await GrafanaTestServer.StartAsync().ConfigureAwait(false));
        return await day.RunAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
        await _grafana.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    private async Task<DayResult> RunAsync()
    {
        _server = new SimulatedServer(Options(), Settings(), Configure);
        await _server.StartAsync().ConfigureAwait(false);
        for (var minute = 0; minute < DayPlan.Minutes; minute++) await MinuteAsync(minute).ConfigureAwait(false);

        // Whatever was wrong with Grafana is over, and everything that is to be said gets there.
        _grafana.Faults.Often(0, _plan.Seed);
        for (var minute = 0; minute < MinutesToDeliver && await PendingAsync().ConfigureAwait(false) > 0; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await DeliverAsync().ConfigureAwait(false);
        }

        if (await PendingAsync().ConfigureAwait(false) > 0) _checks.Add("not everything was delivered");
        var upgrades = await Service.ListAsync(null, null, 200, null, CancellationToken.None).ConfigureAwait(false);
        _checks.Check(_grafana.Annotations, upgrades);
        return new DayResult(_plan, _people.Upgrades, _checks.Trouble);
    }

    private UpgradeService Service => _server!.Services.GetRequiredService<UpgradeService>();

    private async Task MinuteAsync(int minute)
    {
        _fleet.Minute = minute;
        var clockSet = Held<DayTrouble.ClockSet>(minute).Sum(clock => clock.Seconds);
        _time.AdjustTime(_plan.Midnight.AddMinutes(minute).AddSeconds(3 + clockSet));
        _grafana.Faults.Often(Held<DayTrouble.GrafanaAway>(minute).Any() ? 1 : _plan.GrafanaFaults, _plan.Seed + minute);
        if (Held<DayTrouble.Restart>(minute).Any()) await _server!.RestartAsync().ConfigureAwait(false);
        _store!.Refuses = Held<DayTrouble.StoreAway>(minute).FirstOrDefault()?.Failure;
        if (Held<DayTrouble.Held>(minute).Any()) return;

        await _people.ActAsync(Service, minute).ConfigureAwait(false);
        if (!Held<DayTrouble.Stuck>(minute).Any())
        {
            await _server!.LookAsync().ConfigureAwait(false);
            _lookedAt = minute;
        }

        await DeliverAsync().ConfigureAwait(false);
        foreach (var known in _people.Upgrades.Where(upgrade => !upgrade.IsOver))
        {
            if (await Service.FindAsync(known.Id, CancellationToken.None).ConfigureAwait(false) is not { } upgrade)
            {
                _checks.Add($"{known.Id} is gone");
                continue;
            }

            upgrade = Service.AsReadNow(upgrade);
            var unseen = minute - Math.Max(_lookedAt, known.Minute);
            _checks.Check(upgrade, isBlind: _fleet.IsAway && unseen == 0, isStale: unseen > MinutesUntilStale && clockSet == 0);
            known.Failed |= upgrade.Verdict.Flagged;
            known.IsOver = upgrade is { IsOpen: false, Verdict.Final: true };
            known.End = $"{upgrade.Verdict.Status} ({upgrade.Verdict.Code}){(upgrade.Verdict.Final ? "" : " not final")} in {upgrade.Phase.ToText()}: {upgrade.Verdict.Summary}";
        }
    }

    private IEnumerable<T> Held<T>(int minute)
        where T : DayTrouble => _plan.Troubles.OfType<T>().Where(trouble => trouble.Holds(minute));

    private async Task DeliverAsync() => await _server!.Services.GetRequiredService<OutboxDelivery>().RunOnceAsync(CancellationToken.None).ConfigureAwait(false);

    private async Task<int> PendingAsync() => (await _store!.CountOutboxAsync(CancellationToken.None).ConfigureAwait(false)).Values.Sum();

    private void Configure(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IReadOnlyList<IMetricSource>>([_fleet]);
        services.AddSingleton<IReadOnlyList<IOutboxSink>>([new GrafanaSink(_client)]);
        services.AddSingleton<IReadOnlyList<IIncidentSource>>([]);
        services.AddSingleton<IUpgradeStore>(_ => _store = new FillableStore(
            SqliteStore.OpenAsync(_folder.File("store.db"), "test", _time, NullLogger<SqliteStore>.Instance, CancellationToken.None).GetAwaiter().GetResult()));
    }

    private UpgradeWatchOptions Options()
    {
        var evaluation = new EvaluationOptions { IntervalSeconds = SimulatedFleet.StepSeconds, ObservationSeconds = 5400, TimeZone = _plan.TimeZone };
        return new UpgradeWatchOptions
        {
            Evaluation = evaluation,
            Storage = new StorageOptions { Path = _folder.File("store.db") },
            Grafana = new Connectors.Http.EndpointOptions { Url = _grafana.Url },
            Targets = [.. _plan.Targets.Select((_, i) => new TargetOptions { Name = SimulatedFleet.NameOf(i), Profile = "aspnetcore", Evaluation = evaluation })],
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
