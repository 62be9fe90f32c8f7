using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Connectors.Kubernetes;
using UpgradeWatch.Connectors.Kubernetes.Workloads;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Kubernetes;

/// <summary>A cluster that is followed: everything between its API and the upgrades is the real thing.</summary>
internal sealed class FollowedCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TempFolder _folder = new();
    private readonly SqliteStore _store;
    private readonly UpgradeService _upgrades;
    private readonly EngineOptions _options;
    private readonly KubernetesOptions _kubernetes;
    private readonly TimeProvider _time;
    private TaskCompletionSource _published = New();
    private TaskCompletionSource _looked = New();
    private CancellationTokenSource? _stop;
    private Task? _running;

    private FollowedCluster(ClusterUnderTest cluster, SqliteStore store, TempFolder folder, EngineOptions options, TimeProvider time)
    {
        (Cluster, _store, _folder, _options, _time) = (cluster, store, folder, options, time);
        _kubernetes = new KubernetesOptions { Kubeconfig = cluster.Kubeconfig };
        _upgrades = new UpgradeService(store, options, time, NullLogger<UpgradeService>.Instance);
        _upgrades.Published += _ => Interlocked.Exchange(ref _published, New()).TrySetResult();
    }

    /// <summary>The cluster.</summary>
    public ClusterUnderTest Cluster { get; }

    /// <summary>The upgrades.</summary>
    public UpgradeService Upgrades => _upgrades;

    /// <summary>What watches it; null while nothing does.</summary>
    public ClusterWatcher? Watcher { get; private set; }

    /// <summary>Has a cluster with one target, <c>checkout</c>, be followed.</summary>
    public static async Task<FollowedCluster> StartAsync(ClusterUnderTest cluster, bool watches = true, params TargetOptions[] others)
    {
        var folder = new TempFolder();
        var time = new HastyTime();
        var target = new TargetOptions { Name = "checkout", Labels = new Dictionary<string, string> { ["namespace"] = cluster.Namespace } };
        var store = await SqliteStore.OpenAsync(folder.File("store.db"), "test", time, NullLogger<SqliteStore>.Instance, default);
        var followed = new FollowedCluster(cluster, store, folder, new EngineOptions { Targets = [target, .. others] }, time);
        await followed._upgrades.LoadAsync(default);
        if (watches) await followed.WatchAsync();
        return followed;
    }

    /// <summary>Begins to watch, and waits until what is there has been seen and remembered.</summary>
    public async Task WatchAsync(KubernetesOptions? options = null)
    {
        _stop = new CancellationTokenSource();
        Watcher = new ClusterWatcher(options ?? _kubernetes, _options.Targets, new RolloutFollower(_upgrades, _store, _options, _time, NullLogger<RolloutFollower>.Instance), _time, NullLogger<ClusterWatcher>.Instance);
        Watcher.Looked += () => Interlocked.Exchange(ref _looked, New()).TrySetResult();
        _running = Watcher.RunAsync(_stop.Token);
        await LooksAsync(() => Task.FromResult(Watcher.IsSynced));
        await Watcher.FollowOnceAsync(default);
    }

    /// <summary>Completes with a look after which something is so; it must get there.</summary>
    public async Task LooksAsync(Func<Task<bool>> isSo)
    {
        using var enough = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var next = Volatile.Read(ref _looked).Task;
            if (await isSo()) return;
            await next.WaitAsync(enough.Token);
        }
    }

    /// <summary>Stops watching.</summary>
    public async Task StopAsync()
    {
        if (_stop is null) return;
        await _stop.CancelAsync();
        await _running!.ContinueWith(static _ => { }, TaskScheduler.Default);
        Watcher!.Dispose();
        _stop.Dispose();
        (_stop, Watcher) = (null, null);
    }

    /// <summary>The newest upgrade, once it is in a phase; it must get there.</summary>
    public async Task<Upgrade> InAsync(Phase phase, string toVersion, string target = "checkout")
    {
        using var enough = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var next = Volatile.Read(ref _published).Task;
            if (_upgrades.Newest(target) is { } newest && newest.Phase == phase && newest.ToVersion == toVersion) return newest;
            try
            {
                await next.WaitAsync(enough.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not {phase.ToText()} to {toVersion} in time, but {_upgrades.Newest(target)?.Phase.ToText() ?? "nothing"} to {_upgrades.Newest(target)?.ToVersion}; {string.Join(' ', Watcher?.Problems ?? [])}");
            }
        }
    }

    /// <summary>How the target's pods are; null when that is not known.</summary>
    public async Task<HealthReport?> HealthAsync(DateTimeOffset since) => await Watcher!.LookAsync(_options.Targets[0], since, default);

    /// <summary>All upgrades, the newest first, as "from to phase".</summary>
    public async Task<string[]> AllAsync() =>
        [.. (await _upgrades.ListAsync(null, null, 100, null, default)).Select(one => $"{one.FromVersion} {one.ToVersion} {one.Phase.ToText()}")];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _upgrades.Dispose();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The real time, in which nobody pauses for long: a pause of seconds before the next try takes milliseconds.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(20) ? dueTime / 100 : dueTime, period);
    }
}
