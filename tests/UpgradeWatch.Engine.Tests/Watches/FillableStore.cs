using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>A store whose disk fills up and is emptied again at a word.</summary>
internal sealed class FillableStore(IUpgradeStore inner) : IUpgradeStore
{
    public bool IsFull { get; set; }

    /// <summary>Why frozen histories cannot be read; null when they can.</summary>
    public StoreFailure? NoHistory { get; set; }

    /// <summary>Whether frozen histories are gone.</summary>
    public bool IsEmpty { get; set; }

    public Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken) =>
        IsFull ? throw new StoreException(StoreFailure.Full, "the disk is full") : inner.SaveAsync(change, cancellationToken);

    public Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken) => inner.LoadCurrentAsync(cancellationToken);

    public Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) =>
        inner.ListAsync(target, phase, limit, beforeId, cancellationToken);

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken) => inner.FindIdempotencyAsync(key, cancellationToken);

    public Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken) =>
        inner.EventsAfterAsync(id, limit, cancellationToken);

    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) => inner.LastEventIdAsync(cancellationToken);

    public Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken) => inner.LoadBaselineAsync(upgradeId, cancellationToken);

    public Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken) =>
        NoHistory is { } failure ? throw new StoreException(failure, "the history cannot be read")
        : IsEmpty ? Task.FromResult<FrozenHistory?>(null) : inner.LoadHistoryAsync(upgradeId, cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken) =>
        inner.PendingOutboxAsync(sink, limit, cancellationToken);

    public Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken) => inner.CountOutboxAsync(cancellationToken);

    public Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken) => inner.UpdateOutboxAsync(entry, cancellationToken);

    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken) => inner.SaveStepsAsync(target, steps, cancellationToken);

    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        inner.LoadStepsAsync(target, from, until, cancellationToken);

    public Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken) =>
        inner.PruneAsync(stepsBefore, upgradesBefore, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
