using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Watches;
using UpgradeWatch.Hosting;
using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Puts together how UpgradeWatch and everything it depends on is doing.</summary>
internal sealed class StatusReader(
    UpgradeWatchOptions options, SourceCounters counters, OutboxDelivery delivery, UpgradeService upgrades, IUpgradeStore store, Evaluator evaluator, HistoryReader history, StartService start, TimeProvider time, AlertingHealth alerting, GrafanaHealth? grafana = null, KubernetesHealth? kubernetes = null)
{
    private const string Withheld = "not told to a token that is limited to targets, because it may be about another one; the verdicts of its own say what they miss";

    private static readonly DependencyDocument Unknown = new() { State = "unknown", LastError = null, Since = null, AskedAt = null };

    private DependencyDocument _store = Unknown;

    /// <summary>The state at this moment, for somebody who asks.</summary>
    public async Task<StatusDocument> ReadAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var dependencies = new SortedDictionary<string, DependencyDocument>(StringComparer.Ordinal);
        if (options.Prometheus is not null) dependencies["prometheus"] = Unknown;
        if (options.Grafana is not null) dependencies["grafana"] = Unknown;
        if (options.Targets.Any(t => t.ScrapeUrl is not null)) dependencies["scrape"] = Unknown;
        foreach (var (name, health) in counters.Health) dependencies[name] = Describe(health);
        foreach (var (name, health) in delivery.Health)
            dependencies[name] = new DependencyDocument { State = health.Error is null ? "ok" : "failing", LastError = health.Error, Since = health.Since, AskedAt = null };
        // That it takes reading requests says nothing about an annotation that it refused.
        if (grafana?.Latest is { } looked && dependencies["grafana"].State != "failing") dependencies["grafana"] = looked;
        foreach (var (name, latest) in alerting.Latest) dependencies[name] = latest ?? Unknown;
        if (kubernetes is not null) dependencies["kubernetes"] = kubernetes.Read();
        if (visitor.Targets.Count > 0) Withhold(dependencies);
        dependencies["history"] = Describe(history.Health, visitor.Sees);
        var (storeState, pending) = await AskStoreAsync(cancellationToken);
        dependencies["store"] = storeState;
        return new StatusDocument
        {
            Status = dependencies.Values.Any(d => d.State == "failing") ? "degraded" : "ok",
            Version = BuildInfo.Version,
            StartedAt = start.StartedAt,
            LastEvaluationAt = evaluator.LastTickAt,
            Targets = [.. options.Targets.Select(t => t.Name).Where(visitor.Sees)],
            Instance = options.Instance.Labels,
            Active = Describe(store.Lease),
            Dependencies = dependencies,
            OutboxPending = pending,
        };
    }

    private async Task<(DependencyDocument State, IReadOnlyDictionary<string, int>? Pending)> AskStoreAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, int>? pending = null;
        var error = upgrades.StoreTrouble?.Message;
        try
        {
            pending = await store.CountOutboxAsync(cancellationToken);
        }
        catch (StoreException trouble)
        {
            error ??= trouble.Message;
        }

        var now = time.GetUtcNow();
        var state = error is null ? "ok" : "failing";
        var since = upgrades.StoreTrouble?.Since ?? (_store.State == state ? _store.Since : now);
        return (_store = new DependencyDocument { State = state, LastError = error, Since = since, AskedAt = now }, pending);
    }

    private ActiveDocument Describe(StoreLease lease) => new()
    {
        Role = lease.Role.ToString().ToLowerInvariant(),
        Self = Opening.InstanceName,
        Holder = lease == StoreLease.Alone ? Opening.InstanceName : lease.Holder,
        Since = lease == StoreLease.Alone ? start.StartedAt : lease.Since,
    };

    // Of several targets the one that has failed for longest.
    private static DependencyDocument Describe(IReadOnlyDictionary<string, SourceHealth> history, Func<string, bool> sees)
    {
        if (history.Count == 0) return Unknown;
        var (target, worst) = history.OrderBy(one => one.Value.Failure is null).ThenBy(one => one.Value.Since).First();
        var state = Describe(worst);
        if (worst.Failure is not { } failure) return state;
        return state with { LastError = sees(target) ? $"{target}: {failure.Message}" : Withheld };
    }

    // An error names the target that met it, its address or its query.
    private static void Withhold(SortedDictionary<string, DependencyDocument> dependencies)
    {
        foreach (var (name, state) in dependencies.Where(one => one.Value.LastError is not null).ToList())
            dependencies[name] = state with { LastError = Withheld };
    }

    private static DependencyDocument Describe(SourceHealth health) => new()
    {
        State = health.Failure is null ? "ok" : "failing",
        LastError = health.Failure?.Message,
        Since = health.Since,
        AskedAt = health.At,
    };
}
