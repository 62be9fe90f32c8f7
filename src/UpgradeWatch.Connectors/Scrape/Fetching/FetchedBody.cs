using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Scrape.Fetching;

/// <summary>The answer to one scrape.</summary>
internal sealed class FetchedBody : IDisposable
{
    /// <summary>The body, unpacked; null with <see cref="Failure"/>.</summary>
    public PooledBytes? Bytes { get; private init; }

    /// <summary>How it is written.</summary>
    public ExpositionFormat Format { get; private init; }

    /// <summary>Whether the transport vouches for its length.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Why there is no body; null when there is.</summary>
    public SourceFailure? Failure { get; private init; }

    /// <summary>Whether the failure means that the target is down, and not that it answered something that cannot be used.</summary>
    public bool IsDown { get; private init; }

    /// <summary>A body.</summary>
    public static FetchedBody Of(PooledBytes bytes, ExpositionFormat format, bool isWhole) => new() { Bytes = bytes, Format = format, IsWhole = isWhole };

    /// <summary>A target that does not answer, or breaks off.</summary>
    public static FetchedBody Down(SourceFailureKind kind, string message) => new() { Failure = new SourceFailure(kind, message), IsDown = true };

    /// <summary>A target that answers something that cannot be used.</summary>
    public static FetchedBody Refused(SourceFailureKind kind, string message) => new() { Failure = new SourceFailure(kind, message) };

    /// <inheritdoc/>
    public void Dispose() => Bytes?.Dispose();
}
