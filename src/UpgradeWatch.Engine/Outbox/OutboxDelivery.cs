using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Outbox;

/// <summary>
/// Says outside what the outbox holds: to each sink strictly in order, the sinks independently of each other. A crash
/// between a delivery and its recording repeats the delivery; the sink then finds the thing by its key. That each try is
/// on disk before it is made tells after a crash that something may still be on its way.
/// </summary>
public sealed partial class OutboxDelivery
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeasePause = TimeSpan.FromSeconds(1);

    // A slow sink may carry out a request after its sender has died: looked up before that, it would be made twice.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    // What is older is not worth its look-ups; of open upgrades everything is.
    private static readonly TimeSpan Reconciled = TimeSpan.FromDays(1);

    private readonly IUpgradeStore _store;
    private readonly IReadOnlyList<IOutboxSink> _sinks;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<(string Sink, string Outcome), long> _sent = new();
    private readonly ConcurrentDictionary<string, SinkHealth> _health = new();
    private volatile IReadOnlyDictionary<string, int> _pending;
    private readonly Alarm _alarm;
    private (long Lease, long At)? _activeSince;
    private bool _isReconciled;

    /// <summary>Makes it; counters begin at 0 for every sink and outcome.</summary>
    /// <param name="store">Holds the outbox.</param>
    /// <param name="sinks">Whom it tells.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told about trouble.</param>
    /// <param name="reconciles">Whether what was said lately is looked up once after a start.</param>
    public OutboxDelivery(IUpgradeStore store, IReadOnlyList<IOutboxSink> sinks, TimeProvider time, ILogger<OutboxDelivery> logger, bool reconciles = false)
    {
        (_store, _sinks, _time, _logger, _isReconciled, _alarm) = (store, sinks, time, logger, !reconciles, new Alarm(time));
        _pending = sinks.ToDictionary(sink => sink.Name, _ => 0);
        foreach (var sink in sinks)
        {
            foreach (var outcome in Enum.GetValues<DeliveryOutcome>())
            {
                _sent[(sink.Name, ToText(outcome))] = 0;
            }
        }
    }

    /// <summary>Tries so far by sink and outcome (<c>delivered</c>, <c>retry</c>, <c>refused</c>).</summary>
    public IReadOnlyDictionary<(string Sink, string Outcome), long> Sent => _sent;

    /// <summary>How many entries wait, by sink, as of the end of the last run.</summary>
    public IReadOnlyDictionary<string, int> Pending => _pending;

    /// <summary>How each sink did the last time; a sink that nothing was said to yet is missing.</summary>
    public IReadOnlyDictionary<string, SinkHealth> Health => _health;

    /// <summary>Has the loop look again at once: something was stored.</summary>
    public void Wake() => _alarm.Ring();

    /// <summary>Delivers what is due, again whenever it is woken or something becomes due, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var due = await RunOnceAsync(cancellationToken).ConfigureAwait(false) ?? await ReconcileAsync(cancellationToken).ConfigureAwait(false);
            await _alarm.WaitAsync(due, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Delivers what is due. Returns when the next entry is due; null when none waits.</summary>
    public async Task<DateTimeOffset?> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (_activeSince?.Lease != _store.Lease.Number) _activeSince = (_store.Lease.Number, _time.GetTimestamp());
        var due = await Task.WhenAll(_sinks.Select(sink => DeliverDueAsync(sink, cancellationToken))).ConfigureAwait(false);
        return due.Append(await CountAsync(cancellationToken).ConfigureAwait(false)).Min();
    }

    // Once after a start, and after what is new: what was said lately may have got lost outside meanwhile, with a backup that
    // was restored, or by hand. Whoever looks each thing up before making it can be told it all again. Returns when to go on.
    private async Task<DateTimeOffset?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_isReconciled) return null;
        if (!_store.Lease.IsSure(_time)) return now + LeasePause;
        try
        {
            var count = 0;
            foreach (var sink in _sinks) count += await _store.ReopenOutboxAsync(sink.Name, now - Reconciled, now, cancellationToken).ConfigureAwait(false);
            _isReconciled = true;
            if (_sinks.Count > 0) Log.Reconciling(_logger, count);
            return count == 0 ? null : now;
        }
        catch (StoreException error)
        {
            Log.StoreFailed(_logger, "all", error.Message);
            return now + StorePause;
        }
    }

    private async Task<DateTimeOffset?> DeliverDueAsync(IOutboxSink sink, CancellationToken cancellationToken)
    {
        try
        {
            // Another instance may be delivering the same at this moment.
            if (!_store.Lease.IsSure(_time)) return _time.GetUtcNow() + LeasePause;
            while (await _store.PendingOutboxAsync(sink.Name, 1, cancellationToken).ConfigureAwait(false) is [var entry, ..])
            {
                var now = _time.GetUtcNow();
                if (Wait(entry, now) is { Ticks: > 0 } wait) return now + wait;
                var trying = entry with { Attempts = entry.Attempts + 1, LastError = null, NextAttemptAt = now };
                await _store.UpdateOutboxAsync(trying, cancellationToken).ConfigureAwait(false);
                var result = await TryAsync(sink, entry, cancellationToken).ConfigureAwait(false);
                await _store.UpdateOutboxAsync(After(trying, result), cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (StoreException error)
        {
            Log.StoreFailed(_logger, sink.Name, error.Message);
            return _time.GetUtcNow() + StorePause;
        }
    }

    // A try without an end, good or bad, was cut off by the death of the process before this one. What waits for longer
    // than anything may was stored under a clock that was ahead.
    private TimeSpan Wait(OutboxEntry entry, DateTimeOffset now) => entry switch
    {
        { Attempts: 0 } => TimeSpan.Zero,
        { LastError: null } => OnItsWay - _time.GetElapsedTime(_activeSince!.Value.At),
        _ => entry.NextAttemptAt - now is var wait && wait <= Backoff.LongestAsked ? wait : TimeSpan.Zero,
    };

    private async Task<DeliveryResult> TryAsync(IOutboxSink sink, OutboxEntry entry, CancellationToken cancellationToken)
    {
        DeliveryResult result;
        try
        {
            result = await sink.DeliverAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A mistake in one sink must stop neither the others nor what comes after.
            result = new DeliveryResult(DeliveryOutcome.Retry, Error: $"Unexpected: {error.Message}");
            Log.Unexpected(_logger, error, sink.Name, entry.Id);
        }

        Count(sink.Name, entry, result);
        return result;
    }

    private void Count(string sink, OutboxEntry entry, DeliveryResult result)
    {
        var now = _time.GetUtcNow();
        var error = ErrorOf(result);
        _sent.AddOrUpdate((sink, ToText(result.Outcome)), 1, (_, old) => old + 1);
        _health.AddOrUpdate(
            sink,
            _ => new SinkHealth(error, now),
            (_, old) => new SinkHealth(error, (old.Error is null) == (error is null) ? old.Since : now));
        if (result.Outcome == DeliveryOutcome.Refused) Log.Refused(_logger, sink, entry.Id, entry.UpgradeId, error!);
        if (result.Outcome == DeliveryOutcome.Retry) Log.Waiting(_logger, sink, entry.Id, entry.Attempts + 1, error!);
    }

    private OutboxEntry After(OutboxEntry entry, DeliveryResult result)
    {
        var now = _time.GetUtcNow();
        var tried = entry with { RemoteId = result.RemoteId ?? entry.RemoteId, LastError = ErrorOf(result) };
        return result.Outcome == DeliveryOutcome.Retry
            ? tried with { NextAttemptAt = now + Backoff.After(tried.Attempts, result.RetryAfter) }
            : tried with { DoneAt = now };
    }

    private static string? ErrorOf(DeliveryResult result) =>
        result.Outcome == DeliveryOutcome.Delivered ? null : result.Error ?? "no reason given";

    private async Task<DateTimeOffset?> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            var waiting = await _store.CountOutboxAsync(cancellationToken).ConfigureAwait(false);
            _pending = _sinks.Select(sink => sink.Name).Union(waiting.Keys).ToDictionary(name => name, name => waiting.GetValueOrDefault(name));
            return null;
        }
        catch (StoreException error)
        {
            Log.StoreFailed(_logger, "all", error.Message);
            return _time.GetUtcNow() + StorePause;
        }
    }

    private static string ToText(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered => "delivered",
        DeliveryOutcome.Retry => "retry",
        _ => "refused",
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "{Sink}: entry {Entry} could not be delivered (attempt {Attempt}), it is kept: {Error}")]
        public static partial void Waiting(ILogger logger, string sink, long entry, int attempt, string error);

        [LoggerMessage(EventId = 412, Level = LogLevel.Error, Message = "{Sink}: entry {Entry} of upgrade {Upgrade} is given up: {Error}")]
        public static partial void Refused(ILogger logger, string sink, long entry, string upgrade, string error);

        [LoggerMessage(EventId = 413, Level = LogLevel.Error, Message = "{Sink}: entry {Entry} met an unexpected error")]
        public static partial void Unexpected(ILogger logger, Exception error, string sink, long entry);

        [LoggerMessage(EventId = 415, Level = LogLevel.Information, Message = "What was said within the last day is looked up outside: {Count} entries; what is missing is made again")]
        public static partial void Reconciling(ILogger logger, int count);

        [LoggerMessage(EventId = 414, Level = LogLevel.Warning, Message = "Outbox of {Sink}: the store cannot be used, it is tried again: {Error}")]
        public static partial void StoreFailed(ILogger logger, string sink, string error);
    }
}
