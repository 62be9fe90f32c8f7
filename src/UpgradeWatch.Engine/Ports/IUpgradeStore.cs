using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Histories;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Ports;

/// <summary>
/// Where everything is kept that must survive a crash at any instant. A call that returned is on disk.
/// Safe for concurrent use.
/// </summary>
public interface IUpgradeStore : IAsyncDisposable
{
    /// <summary>Who may write to it, as it was known last.</summary>
    StoreLease Lease => StoreLease.Alone;

    /// <summary>
    /// Confirms the lease of the active instance, and takes it over when it has become free: to be called every few
    /// seconds. One that was <see cref="LeaseRole.Lost"/> stays so.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be asked, or is of a newer version now.</exception>
    Task<StoreLease> RenewLeaseAsync(CancellationToken cancellationToken) => Task.FromResult(Lease);

    /// <summary>Saves one change in one transaction: all of it or nothing. Returns the events and entries with their numbers.</summary>
    /// <exception cref="StoreException">It could not be stored; nothing was.</exception>
    Task<SavedChange> SaveAsync(StoreChange change, CancellationToken cancellationToken);

    /// <summary>All upgrades that are open, and the newest of each target.</summary>
    Task<IReadOnlyList<Upgrade>> LoadCurrentAsync(CancellationToken cancellationToken);

    /// <summary>One upgrade; null when there is none with this id.</summary>
    Task<Upgrade?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Upgrades, newest first (by id), below <paramref name="beforeId"/> when given.</summary>
    Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken);

    /// <summary>The upgrade that was opened with this idempotency key and the hash of its request; null for none.</summary>
    Task<IdempotencyRecord?> FindIdempotencyAsync(string key, CancellationToken cancellationToken);

    /// <summary>Events after a number, oldest first.</summary>
    Task<IReadOnlyList<EngineEvent>> EventsAfterAsync(long id, int limit, CancellationToken cancellationToken);

    /// <summary>Number of the newest event; 0 for none.</summary>
    Task<long> LastEventIdAsync(CancellationToken cancellationToken);

    /// <summary>The frozen baseline of an upgrade; null when there is none.</summary>
    Task<StepBlock?> LoadBaselineAsync(string upgradeId, CancellationToken cancellationToken);

    /// <summary>The frozen history of an upgrade; null when there is none, or none any more.</summary>
    Task<FrozenHistory?> LoadHistoryAsync(string upgradeId, CancellationToken cancellationToken);

    /// <summary>
    /// Entries of a sink that are not done, oldest first. A closing entry carries the start of the entry
    /// that opened its region.
    /// </summary>
    Task<IReadOnlyList<OutboxEntry>> PendingOutboxAsync(string sink, int limit, CancellationToken cancellationToken);

    /// <summary>How many entries are not done, by sink.</summary>
    Task<IReadOnlyDictionary<string, int>> CountOutboxAsync(CancellationToken cancellationToken);

    /// <summary>Records a delivery or a failed try: attempts, next attempt, error, remote id and done are taken from the entry.</summary>
    Task UpdateOutboxAsync(OutboxEntry entry, CancellationToken cancellationToken);

    /// <summary>
    /// Has entries of a sink that were delivered since a time, and all of upgrades that are open, be delivered once more:
    /// where they are, nothing changes, and where they have got lost, they are made again. Gives how many.
    /// </summary>
    Task<int> ReopenOutboxAsync(string sink, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps steps of a target that is scraped directly; steps that are there already are replaced.</summary>
    Task SaveStepsAsync(string target, StepBlock steps, CancellationToken cancellationToken);

    /// <summary>The kept steps of a target that end within a window, in blocks in ascending order; blocks may differ in signals and bounds.</summary>
    Task<IReadOnlyList<StepBlock>> LoadStepsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>What is remembered of the workloads of a target.</summary>
    Task<IReadOnlyList<SeenRollout>> LoadRolloutsAsync(string target, CancellationToken cancellationToken);

    /// <summary>Remembers a workload in place of what was remembered of it before.</summary>
    Task SaveRolloutAsync(SeenRollout seen, CancellationToken cancellationToken);

    /// <summary>
    /// Drops kept steps that ended before a time, with the histories of closed upgrades that were created before it, and
    /// closed upgrades with all their records that were created before the other; a little at a time, so that changes
    /// come between.
    /// </summary>
    Task PruneAsync(DateTimeOffset stepsBefore, DateTimeOffset upgradesBefore, CancellationToken cancellationToken);
}

/// <summary>One change to be saved.</summary>
/// <param name="Upgrades">The upgrades as they are after the change (two when one supersedes another).</param>
public sealed record StoreChange(IReadOnlyList<Upgrade> Upgrades)
{
    /// <summary>What is to be said outside because of it.</summary>
    public IReadOnlyList<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>What the event stream tells about it.</summary>
    public IReadOnlyList<EngineEvent> Events { get; init; } = [];

    /// <summary>The baseline that was frozen, of the first upgrade; null when none was.</summary>
    public StepBlock? Baseline { get; init; }

    /// <summary>The history that was frozen, of the first upgrade; null when none was.</summary>
    public FrozenHistory? History { get; init; }

    /// <summary>The idempotency key of the request that opened the first upgrade; null for none.</summary>
    public IdempotencyRecord? Idempotency { get; init; }
}

/// <summary>A saved change with the numbers the store gave.</summary>
public sealed record SavedChange(IReadOnlyList<OutboxEntry> Outbox, IReadOnlyList<EngineEvent> Events);

/// <summary>A request that was answered before.</summary>
/// <param name="Key">The client's key.</param>
/// <param name="RequestHash">Hash of the request, to refuse the key for another one.</param>
/// <param name="UpgradeId">What it opened.</param>
public sealed record IdempotencyRecord(string Key, string RequestHash, string UpgradeId);

/// <summary>Why the store could not do what was asked.</summary>
public enum StoreFailure
{
    /// <summary>No space left.</summary>
    Full,

    /// <summary>Read-only file or file system.</summary>
    ReadOnly,

    /// <summary>Held by somebody else for too long.</summary>
    Locked,

    /// <summary>Not a store, or damaged.</summary>
    Corrupt,

    /// <summary>Made by a newer version.</summary>
    Newer,

    /// <summary>Another instance is the active one.</summary>
    NotActive,

    /// <summary>What is stored is not what this instance has stored last: somebody has put an older state in its place.</summary>
    Different,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>The store could not do what was asked; nothing of it was done.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Makes it.</summary>
    public StoreException(StoreFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why.</summary>
    public StoreFailure Failure { get; }
}
