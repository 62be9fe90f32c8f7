using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Stores;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>A service and an evaluator on a virtual clock before a scripted source.</summary>
internal sealed class WatchedUpgrade : IAsyncDisposable
{
    /// <summary>When the clock starts; a multiple of the step.</summary>
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Who is told what is worth a mark in a dashboard.</summary>
    public const string Sink = "dashboards";

    private readonly TempFolder _folder = new(inMemory: true);
    private readonly EvaluationOptions _evaluation;
    private readonly EngineOptions _options;
    private UpgradeService _service = null!;
    private Evaluator _evaluator = null!;
    private HistoryReader _history = null!;

    private WatchedUpgrade(ScriptedSource source, EvaluationOptions evaluation, DateTimeOffset start, EngineOptions options) =>
        (Source, _evaluation, Time, _options) = (source, evaluation, new FakeTimeProvider(start), options);

    public ScriptedSource Source { get; }

    public FakeTimeProvider Time { get; }

    public SourceCounters Counters { get; } = new();

    public FillableStore Store { get; private set; } = null!;

    public UpgradeService Service => _service;

    /// <summary>Who is asked for incidents.</summary>
    public List<IIncidentSource> Incidents { get; } = [];

    public Upgrade Upgrade => _service.Newest("shop")!;

    public Verdict Verdict => Upgrade.Verdict;

    private ILogger<UpgradeService> Log { get; init; } = NullLogger<UpgradeService>.Instance;

    /// <summary>Index of the step that ends a number of steps after the start.</summary>
    public static long StepAt(int steps) => (Start.ToUnixTimeSeconds() / (long)ScriptedSource.StepSeconds) + steps;

    public static async Task<WatchedUpgrade> CreateAsync(
        Func<long, Scripted?> script, EvaluationOptions? evaluation = null, DateTimeOffset? start = null, EngineOptions? options = null, ILogger<UpgradeService>? log = null)
    {
        var made = new WatchedUpgrade(new ScriptedSource(script), evaluation ?? new EvaluationOptions { ObservationSeconds = 1800 }, start ?? Start, options ?? new EngineOptions()) { Log = log ?? NullLogger<UpgradeService>.Instance };
        await made.OpenAsync();
        return made;
    }

    public static async Task<WatchedUpgrade> UpgradedAsync(Func<long, Scripted?> script, EvaluationOptions? evaluation = null)
    {
        var watched = await CreateAsync(script, evaluation);
        await watched.BeginAsync(Phase.PostUpgrade);
        return watched;
    }

    public async Task BeginAsync(Phase phase = Phase.PreUpgrade, DateTimeOffset? at = null, PlannedDowntime? downtime = null)
    {
        var result = await _service.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "2", Phase = phase, At = at, PlannedDowntime = downtime, Supersede = true }, default);
        Assert.Null(result.Refusal);
    }

    public async Task MoveAsync(Phase phase, DateTimeOffset? at = null) =>
        Assert.Null((await _service.AdvanceAsync(Upgrade.Id, new AdvanceCommand { Phase = phase, At = at }, default)).Refusal);

    /// <summary>Lets steps go by, looks after each, and reads what history is due.</summary>
    public async Task RunAsync(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(ScriptedSource.StepSeconds));
            await _evaluator.TickAsync(default);
            await _history.RunOnceAsync(default);
        }
    }

    public FindingView Finding(string sli)
    {
        var finding = Verdict.Findings.Single(f => f.Sli == sli).Result;
        return new FindingView(finding.Status.ToText(), finding.Code, finding.Reason);
    }

    /// <summary>Lets time go by without a look, as if nothing were going on, and reads what history is due then.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        Time.Advance(time);
        await _history.RunOnceAsync(default);
    }

    /// <summary>Reads what history is due, and says how long it then rests unless it is woken.</summary>
    public async Task<TimeSpan> RestOfHistoryAsync() => await _history.RunOnceAsync(default) - Time.GetUtcNow();

    /// <summary>How many numbers of history are in memory, of all targets.</summary>
    public long HistoryNumbers => _history.NumbersInMemory;

    /// <summary>How the history does.</summary>
    public SourceHealth HistoryHealth => _history.Health["shop"];

    public async Task<SliSeries> SeriesAsync(string sli) => (await _evaluator.SeriesAsync(Upgrade, sli, default))!;

    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task CloseAsync()
    {
        _service.Dispose();
        await Store.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        Store = new FillableStore(await SqliteStore.OpenAsync(_folder.File("store.db"), "test", Time, NullLogger<SqliteStore>.Instance, default));
        var options = _options with { AnnotationSinks = [Sink], Targets = [new TargetOptions { Name = "shop", Evaluation = _evaluation }, .. _options.Targets] };
        _service = new UpgradeService(Store, options, Time, Log);
        _evaluator = new Evaluator(_service, Store, [Source], Incidents, options, Counters, Time, NullLogger<Evaluator>.Instance);
        _history = new HistoryReader(_service, Store, [Source], options, Counters, Time, NullLogger<HistoryReader>.Instance);
        await _service.LoadAsync(default);
    }
}

/// <summary>The part of a finding that tests look at.</summary>
internal sealed record FindingView(string Status, string Code, string Reason);
