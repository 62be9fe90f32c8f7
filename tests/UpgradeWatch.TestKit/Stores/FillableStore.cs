using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.TestKit.Stores;

/// <summary>A store whose disk fills up and is emptied again at a word.</summary>
/// <param name="inner">The store that takes everything until then.</param>
public sealed class FillableStore(IUpgradeStore inner) : IUpgradeStore
{
    /// <summary>Why what is remembered of workloads is not stored; null when it is.</summary>
    public StoreFailure? RefusesRollouts { get; set; }

    /// <summary>Whether the disk is full.</summary>
    public bool IsFull
    {
        get => Refuses == StoreFailure.Full;
        set => Refuses = value ? StoreFailure.Full : null;
    }

    /// <summary>Why it takes no changes; null when it does.</summary>
    public StoreFailure? Refuses { get; set; }

    /// <summary>Why frozen histories cannot be read; null when they can.</summary>
    public StoreFailure? NoHistory { get; set; }

    /// <summary>Whether frozen histories are gone.</summary>
    public bool IsEmpty { get; set; }

    /// <inheritdoc/>
    public Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken)
    {
        RefuseIfTold();
        return inner.SaveAsync(change, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken) => inner.LoadCurrentAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) =>
        inner.ListAsync(target, phase, limit, beforeId, cancellationToken);

    /// <inheritdoc/>
    public Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken) => inner.FindIdempotencyAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken) =>
        inner.EventsAfterAsync(id, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) => inner.LastEventIdAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken) => inner.LoadBaselineAsync(upgradeId, cancellationToken);

    /// <inheritdoc/>
    public Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken) =>
        NoHistory is { } failure ? throw new StoreException(failure, "the history cannot be read")
        : IsEmpty ? Task.FromResult<FrozenHistory?>(null) : inner.LoadHistoryAsync(upgradeId, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken) =>
        inner.PendingOutboxAsync(sink, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken) => inner.CountOutboxAsync(cancellationToken);

    /// <inheritdoc/>
    public Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        RefuseIfTold();
        return inner.UpdateOutboxAsync(entry, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> ReopenOutboxAsync(string sink, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RefuseIfTold();
        return inner.ReopenOutboxAsync(sink, since, now, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken)
    {
        RefuseIfTold();
        return inner.SaveStepsAsync(target, steps, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        inner.LoadStepsAsync(target, from, until, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SeenRollout>> LoadRolloutsAsync(string target, CancellationToken cancellationToken) => inner.LoadRolloutsAsync(target, cancellationToken);

    /// <inheritdoc/>
    public Task SaveRolloutAsync(SeenRollout seen, CancellationToken cancellationToken)
    {
        RefuseIfTold();
        if (RefusesRollouts is { } failure) throw new StoreException(failure, "it does not remember");
        return inner.SaveRolloutAsync(seen, cancellationToken);
    }

    /// <inheritdoc/>
    public Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken) =>
        inner.PruneAsync(stepsBefore, upgradesBefore, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void RefuseIfTold()
    {
        if (Refuses is { } failure) throw new StoreException(failure, failure == StoreFailure.Full ? "the disk is full" : $"the store takes nothing ({failure})");
    }
}
