using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Connectors.Tests.Scrape;

/// <summary>A store of steps in memory, which can fail.</summary>
internal sealed class StepStore : IUpgradeStore
{
    public List<StepBlock> Blocks { get; } = [];

    public StoreException? Trouble { get; set; }

    /// <summary>Runs when steps are to be saved.</summary>
    public Action OnSave { get; set; } = () => { };

    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken)
    {
        OnSave();
        if (Trouble is not null) return Task.FromException(Trouble);

        Blocks.Add(steps);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        Trouble is null ? Task.FromResult<IReadOnlyList<StepBlock>>(Blocks) : Task.FromException<IReadOnlyList<StepBlock>>(Trouble);

    public Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> ReopenOutboxAsync(string sink, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SeenRollout>> LoadRolloutsAsync(string target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveRolloutAsync(SeenRollout seen, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
