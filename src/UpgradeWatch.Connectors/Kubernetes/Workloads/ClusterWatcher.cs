using Microsoft.Extensions.Logging;
using UpgradeWatch.Connectors.Kubernetes.Api;
using UpgradeWatch.Connectors.Kubernetes.Health;
using UpgradeWatch.Connectors.Kubernetes.Watching;
using UpgradeWatch.Engine;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Sides;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Connectors.Kubernetes.Workloads;

/// <summary>
/// Watches a cluster, has upgrades follow what is rolled out in it, and knows how the targets' pods are. Whatever changes
/// only asks for a look; one loop looks, at one target after the other.
/// </summary>
public sealed partial class ClusterWatcher : IHealthSource, ISideSource, IDisposable
{
    // What is remembered is compared with what is seen now and then also when nothing is told.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly KubernetesApi _api;
    private readonly IReadOnlyList<TargetOptions> _targets;
    private readonly RolloutFollower? _follower;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterWatcher> _logger;
    private readonly Alarm _alarm;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly Dictionary<string, ClusterScope> _scopes = [];
    private readonly ClusterScope? _whole;
    private volatile string? _notRecorded;

    /// <summary>Makes it; nothing is asked before it runs.</summary>
    /// <param name="options">Which cluster.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="follower">Told what is seen; null: nobody, for a check.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of trouble.</param>
    public ClusterWatcher(KubernetesOptions options, IReadOnlyList<TargetOptions> targets, RolloutFollower? follower, TimeProvider time, ILogger<ClusterWatcher> logger)
    {
        (_targets, _follower, _time, _logger) = (targets, follower, time, logger);
        _api = new KubernetesApi(options, time);
        _alarm = new Alarm(time);
        if (options.ClusterWide) _whole = new ClusterScope(_api, null, _alarm.Ring, time, logger);
        foreach (var ns in options.ClusterWide ? [] : NamespacesOf(options, targets)) _scopes[ns] = new ClusterScope(_api, ns, _alarm.Ring, time, logger);
    }

    /// <summary>Raised after each look at all targets. Handlers must be quick and not throw.</summary>
    public event Action? Looked;

    /// <summary>Why the cluster cannot be watched as it should, as sentences; empty when it is.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            List<string> problems = [.. Watchers.Select(one => one.Problem).OfType<string>().Distinct()];
            if (_notRecorded is { } reason) problems.Add(reason);
            return problems;
        }
    }

    /// <summary>What is worth knowing although it is watched, as sentences.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            List<string> notes = [.. Watchers.Select(one => one.Unreadable).OfType<string>().Select(text => $"{char.ToUpperInvariant(text[0])}{text[1..]}.")];
            if (_api.Skew is var skew && skew != TimeSpan.Zero)
                notes.Add($"The clock of Kubernetes is {Math.Abs(skew.TotalSeconds):0} s {(skew > TimeSpan.Zero ? "behind" : "ahead of")} this one: its times are corrected by that; set the clocks.");
            return notes;
        }
    }

    /// <summary>Whether all that is watched has been listed, or is known not to be there.</summary>
    public bool IsSynced => Watchers.All(one => one.IsSynced || one.IsClosed);

    /// <summary>The namespaces that are watched: those configured, else those of the targets.</summary>
    public static IReadOnlyList<string> NamespacesOf(KubernetesOptions options, IReadOnlyList<TargetOptions> targets) =>
        options.Namespaces.Count > 0 ? options.Namespaces : [.. targets.Select(TargetWorkloads.NamespaceOf).OfType<string>().Distinct()];

    /// <summary>Whether a target's workloads lie in what is watched.</summary>
    public static bool Sees(KubernetesOptions options, TargetOptions target) => TargetWorkloads.NamespaceOf(target) is { } ns
        && (options.ClusterWide || options.Namespaces.Count == 0 || options.Namespaces.Contains(ns));

    /// <summary>Lists everything once, and tells which workloads each target has and what they run; nothing is followed.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var watcher in Watchers) await watcher.ListOnceAsync(cancellationToken).ConfigureAwait(false);
        return _targets.ToDictionary(target => target.Name, target => (IReadOnlyList<string>)[.. WorkloadsOf(target).Select(one => Describe(target, one.Scope, one.Workload))]);
    }

    /// <summary>Watches and follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] loops = [.. Watchers.Select(one => one.RunAsync(stop.Token)), FollowAsync(stop.Token)];
        try
        {
            // None of them ends by itself. One that fails all the same takes the others with it: they are started anew.
            await (await Task.WhenAny(loops).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(loops).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <summary>Has what is known now be followed once. Safe for concurrent use.</summary>
    public async Task FollowOnceAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FollowAllAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }

        Looked?.Invoke();
    }

    private async Task FollowAllAsync(CancellationToken cancellationToken)
    {
        string? notRecorded = null;
        foreach (var target in _targets)
        {
            try
            {
                // The others would be taken for all there is; the next event tells more.
                if (WorkloadsOf(target).Any(one => RolloutReading.IsUnclear(one.Workload, one.Scope.Revisions(one.Workload)))) continue;
                RolloutSighting[] sightings = [.. WorkloadsOf(target).Select(one => Sighting(one.Scope, target, one.Workload)).OfType<RolloutSighting>()];
                if (_follower is not null) notRecorded = await _follower.FollowAsync(target.Name, sightings, RolloutFollower.Kubernetes, cancellationToken).ConfigureAwait(false) ?? notRecorded;
            }
            catch (StoreException trouble)
            {
                LogNotFollowed(target.Name, trouble.Message);
                notRecorded = trouble.Message;
            }
        }

        _notRecorded = notRecorded;
    }

    /// <inheritdoc/>
    public ValueTask<HealthReport?> LookAsync(TargetOptions target, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (ScopeOf(target) is not { } scope || !scope.SeesPods) return ValueTask.FromResult<HealthReport?>(null);
        List<PodState> pods = [];
        List<string> stuck = [];
        foreach (var (_, workload) in WorkloadsOf(target))
        {
            if (workload.Stuck is { } reason) stuck.Add($"{workload.Title} does not go on: {ForeignText.Line(reason).TrimEnd('.')}.");
            pods.AddRange(scope.Pods(workload).Where(pod => !pod.IsGone).Select(pod => new PodState(pod, scope.Warnings(pod))));
        }

        return ValueTask.FromResult(pods.Count + stuck.Count == 0 ? null : PodRules.Judge(pods, stuck, since - _api.Skew, _time.GetUtcNow() - _api.Skew));
    }

    /// <inheritdoc/>
    public InstanceSides? SidesOf(TargetOptions target, Upgrade upgrade)
    {
        // Of several workloads each would have its own: what is compared then is not one service.
        if (WorkloadsOf(target).ToList() is not [var (scope, workload)]) return null;
        return RolloutReading.Sides(workload, scope.Revisions(workload));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _api.Dispose();
        _oneAtATime.Dispose();
    }

    private IEnumerable<KindWatcher> Watchers => (_whole is null ? [.. _scopes.Values] : new[] { _whole }).SelectMany(scope => scope.All);

    private ClusterScope? ScopeOf(TargetOptions target) =>
        TargetWorkloads.NamespaceOf(target) is not { } ns ? null : _whole ?? _scopes.GetValueOrDefault(ns);

    private IEnumerable<(ClusterScope Scope, Workload Workload)> WorkloadsOf(TargetOptions target) =>
        ScopeOf(target) is not { } scope ? [] : scope.Workloads(workload => !workload.IsAsleep && TargetWorkloads.IsOf(workload, target)).Select(workload => (scope, workload));

    private string Describe(TargetOptions target, ClusterScope scope, Workload workload) => Sighting(scope, target, workload) is { } sighting
        ? $"{workload.Title} {(sighting.DoneAt is null ? "is being rolled out with" : "runs")} {ForeignText.Line(sighting.Template.Version)}"
        : $"{workload.Title} has not been rolled out yet";

    private RolloutSighting? Sighting(ClusterScope scope, TargetOptions target, Workload workload) => RolloutReading.Read(
        target.Name, workload, scope.Revisions(workload), _ => [.. scope.Pods(workload)], _time.GetUtcNow() - _api.Skew, _api.Skew);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await FollowOnceAsync(cancellationToken).ConfigureAwait(false);
            await _alarm.WaitAsync(_time.GetUtcNow() + LookEvery, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(63, LogLevel.Warning, "what Kubernetes shows of {Target} could not be recorded, it is tried again: {Reason}")]
    private partial void LogNotFollowed(string target, string reason);
}
