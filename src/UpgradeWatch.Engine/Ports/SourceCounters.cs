using System.Collections.Concurrent;

namespace UpgradeWatch.Engine.Ports;

/// <summary>Counts what is asked of the sources. Safe for concurrent use.</summary>
public sealed class SourceCounters
{
    private readonly ConcurrentDictionary<(string Source, string Outcome), long> _requests = new();
    private readonly ConcurrentDictionary<string, long> _fetched = new();
    private readonly ConcurrentDictionary<string, long> _needed = new();
    private readonly ConcurrentDictionary<string, SourceHealth> _health = new();

    /// <summary>Requests by source and outcome (<c>ok</c>, <c>error</c>).</summary>
    public IReadOnlyDictionary<(string Source, string Outcome), long> Requests => _requests;

    /// <summary>Samples fetched by source.</summary>
    public IReadOnlyDictionary<string, long> Fetched => _fetched;

    /// <summary>Samples needed by source: each counted once, however often it was fetched.</summary>
    public IReadOnlyDictionary<string, long> Needed => _needed;

    /// <summary>How each dependency did the last time it was asked.</summary>
    public IReadOnlyDictionary<string, SourceHealth> Health => _health;

    /// <summary>Counts one request with its outcome and remembers it as the dependency's health.</summary>
    /// <param name="source">Name of the dependency.</param>
    /// <param name="at">When it answered.</param>
    /// <param name="failure">The failure, or null when it answered well.</param>
    public void CountRequest(string source, DateTimeOffset at, SourceFailure? failure)
    {
        _requests.AddOrUpdate((source, failure is null ? "ok" : "error"), 1, (_, old) => old + 1);
        _health.AddOrUpdate(
            source,
            _ => new SourceHealth(failure, at, at),
            (_, old) => new SourceHealth(failure, (old.Failure is null) == (failure is null) ? old.Since : at, at));
    }

    /// <summary>Counts samples that came over the wire.</summary>
    public void CountFetched(string source, long samples) => _fetched.AddOrUpdate(source, samples, (_, old) => old + samples);

    /// <summary>Counts samples that were new and are used.</summary>
    public void CountNeeded(string source, long samples) => _needed.AddOrUpdate(source, samples, (_, old) => old + samples);
}

/// <summary>The state of a dependency.</summary>
/// <param name="Failure">What went wrong the last time; null when nothing did.</param>
/// <param name="Since">Since when it is in this state (well or failing).</param>
/// <param name="At">When it was asked last.</param>
public sealed record SourceHealth(SourceFailure? Failure, DateTimeOffset Since, DateTimeOffset At);
