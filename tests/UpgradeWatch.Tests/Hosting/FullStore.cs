using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Tests.Hosting;

/// <summary>An empty store on a full disk: it reads, and takes nothing.</summary>
internal sealed class FullStore : IUpgradeStore
{
    public StoreLease Lease { get; init; } = StoreLease.Alone;

    /// <summary>Whether it can be read neither.</summary>
    public bool IsGone { get; set; }

    public Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken) => throw Full();

    public Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Upgrade>>([]);

    public Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<Upgrade?>(null);

    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Upgrade>>([]);

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken) => Task.FromResult<IdempotencyRecord?>(null);

    public Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EngineEvent>>([]);

    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken) => Task.FromResult<StepBlock?>(null);

    public Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken) => Task.FromResult<FrozenHistory?>(null);

    public Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OutboxEntry>>([]);

    public Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken) =>
        IsGone ? throw Full() : Task.FromResult<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>());

    public Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken) => throw Full();

    public Task<int> ReopenOutboxAsync(string sink, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken) => throw Full();

    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken) => throw Full();

    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StepBlock>>([]);

    public Task<IReadOnlyList<SeenRollout>> LoadRolloutsAsync(string target, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SeenRollout>>([]);

    public Task SaveRolloutAsync(SeenRollout seen, CancellationToken cancellationToken) => throw Full();

    public Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken) => throw Full();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static StoreException Full() => new(StoreFailure.Full, "there is no space left on the device of the store");
}
