using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Workers;

/// <summary>
/// Keeps this instance the active one on a store that several share, or waits for its turn and follows what the active
/// one does. One that has lost its place ends the server: all it remembers is out of date.
/// </summary>
internal sealed partial class LeaseWorker(
    IUpgradeStore store, UpgradeService upgrades, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LeaseWorker> logger) : BackgroundService
{
    private static readonly TimeSpan WhileActive = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WhileStandby = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Follow = TimeSpan.FromSeconds(4);

    private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _trouble;
    private string? _standingBy;
    private long _followed = time.GetTimestamp();

    /// <summary>Whether another instance has taken over: the server is to be started anew.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Why the server cannot go on; null when it can.</summary>
    public string? Fatal { get; private set; }

    /// <summary>Ends when this instance is the active one and has read what the one before it has left.</summary>
    public Task TurnAsync(CancellationToken cancellationToken) => _turn.Task.WaitAsync(cancellationToken);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.Lease == StoreLease.Alone)
        {
            _turn.SetResult();
            return;
        }

        try
        {
            while (await StepAsync(stoppingToken)) await Task.Delay(store.Lease.IsHeld ? WhileActive : WhileStandby, time, stoppingToken);
            lifetime.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    // False when the server has to end.
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var lease = await store.RenewLeaseAsync(cancellationToken);
            HasLost = lease.Role == LeaseRole.Lost;
            if (HasLost) return false;
            SayWhoIsActive(lease);
            if (!_turn.Task.IsCompleted && (lease.IsHeld || time.GetElapsedTime(_followed) >= Follow)) await FollowAsync(cancellationToken);
            if (lease.IsHeld) _turn.TrySetResult();
            _trouble = null;
        }
        catch (StoreException trouble) when (trouble.Failure == StoreFailure.Newer)
        {
            Fatal = trouble.Message;
            Log.CannotGoOn(logger, trouble.Message);
            return false;
        }
        catch (StoreException trouble)
        {
            // Said once, and again when it is another one.
            if (trouble.Failure != StoreFailure.NotActive && trouble.Message != _trouble) Log.NotRenewed(logger, trouble.Message);
            _trouble = trouble.Message;
        }

        return true;
    }

    private void SayWhoIsActive(StoreLease lease)
    {
        if (lease.Role != LeaseRole.Standby || lease.Holder is not { } holder || holder == _standingBy) return;
        _standingBy = holder;
        Log.StandsBy(logger, holder);
    }

    private Task FollowAsync(CancellationToken cancellationToken)
    {
        _followed = time.GetTimestamp();
        return upgrades.LoadAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The lease on the store could not be renewed, it is tried again: {Reason}")]
        public static partial void NotRenewed(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Information, "On standby: {Holder} is the active one on this store. This one answers reads, takes no changes, and takes over when that one has gone")]
        public static partial void StandsBy(ILogger logger, string holder);

        [LoggerMessage(2, LogLevel.Critical, "The server stops: {Reason}")]
        public static partial void CannotGoOn(ILogger logger, string reason);
    }
}
