using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.TestHost;

/// <summary>
/// The store, held as soon as an upgrade that enters a phase is on disk. As it must not be, when asked: the outbox is
/// saved in a transaction of its own, after that moment.
/// </summary>
/// <param name="store">The real one.</param>
/// <param name="split">Whether the outbox is taken out of the transaction.</param>
/// <param name="holdAt">The phase; null holds nothing.</param>
/// <param name="holdHistory">Whether it is held <c>before</c> the history of an upgrade is stored, or <c>after</c>; null for neither.</param>
internal sealed class SplitStore(IUpgradeStore store, bool split, Phase? holdAt, string? holdHistory) : IUpgradeStore
{
    public async Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken)
    {
        if (change.History is not null && holdHistory == "before") await HoldAsync("the history is about to be stored");
        var saved = await store.SaveAsync(split ? change with { Outbox = [] } : change, cancellationToken);
        if (change.Upgrades.Any(upgrade => upgrade.Phase == holdAt) && change.Events.Any(e => e.Type == "phase"))
            await HoldAsync($"{change.Upgrades[0].Phase.ToText()} is on disk");
        if (change.History is not null && holdHistory == "after") await HoldAsync("the history is on disk");
        if (!split || change.Outbox.Count == 0) return saved;
        var later = await store.SaveAsync(new StoreChange([]) { Outbox = change.Outbox }, cancellationToken);
        return saved with { Outbox = later.Outbox };
    }

    public Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken) => store.LoadCurrentAsync(cancellationToken);

    public Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken) =>
        store.ListAsync(target, phase, limit, beforeId, cancellationToken);

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken) => store.FindIdempotencyAsync(key, cancellationToken);

    public Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken) => store.EventsAfterAsync(id, limit, cancellationToken);

    public Task<long> LastEventIdAsync(CancellationToken cancellationToken) => store.LastEventIdAsync(cancellationToken);

    public Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken) => store.LoadBaselineAsync(upgradeId, cancellationToken);

    public Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken) => store.LoadHistoryAsync(upgradeId, cancellationToken);

    public Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken) => store.PendingOutboxAsync(sink, limit, cancellationToken);

    public Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken) => store.CountOutboxAsync(cancellationToken);

    public Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken) => store.UpdateOutboxAsync(entry, cancellationToken);

    public Task<int> ReopenOutboxAsync(string sink, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken) => store.ReopenOutboxAsync(sink, since, now, cancellationToken);

    public Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken) => store.SaveStepsAsync(target, steps, cancellationToken);

    public Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.LoadStepsAsync(target, from, until, cancellationToken);

    public Task<IReadOnlyList<SeenRollout>> LoadRolloutsAsync(string target, CancellationToken cancellationToken) => store.LoadRolloutsAsync(target, cancellationToken);

    public Task SaveRolloutAsync(SeenRollout seen, CancellationToken cancellationToken) => store.SaveRolloutAsync(seen, cancellationToken);

    public Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken) => store.PruneAsync(stepsBefore, upgradesBefore, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static Task HoldAsync(string where)
    {
        Console.WriteLine(where);
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
