using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Connectors.Kubernetes.Api;

namespace UpgradeWatch.Connectors.Kubernetes.Watching;

/// <summary>Keeps what is known of the objects of one kind, in one namespace or all: lists them, then watches.</summary>
internal abstract class KindWatcher
{
    /// <summary>Path of the list.</summary>
    public abstract string Path { get; }

    /// <summary>What they are called, for instance <c>pods</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether all are known, as of the last that was heard.</summary>
    public bool IsSynced { get; protected set; }

    /// <summary>Whether there are none to be known: the kind is not installed, or may not be read.</summary>
    public bool IsClosed { get; protected set; }

    /// <summary>Why it cannot be read, as a sentence; null when it can.</summary>
    public string? Problem { get; protected set; }

    /// <summary>How many objects could not be read, and why the last could not; null for none.</summary>
    public string? Unreadable { get; protected set; }

    /// <summary>Lists and watches until it is cancelled.</summary>
    public abstract Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Lists once; whether that went well is told by <see cref="Problem"/>.</summary>
    public abstract Task ListOnceAsync(CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed partial class KindWatcher<T>(
    KubernetesApi api, ResourceKind kind, string? ns, Func<WireObject, T?> read, Action changed, TimeProvider time, ILogger logger) : KindWatcher
    where T : KubeObject
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClosedPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostAsked = TimeSpan.FromMinutes(5);

    private string? _version;
    private int _failures;
    private int _expired;
    private long _unreadable;

    public override string Path => kind.PathIn(ns);

    public override string Kind => kind.Name;

    /// <summary>What is known.</summary>
    public Shelf<T> Shelf { get; } = new();

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = TimeSpan.Zero;
            try
            {
                if (_version is null) await ListAsync(cancellationToken).ConfigureAwait(false);
                var began = time.GetTimestamp();
                await WatchAsync(cancellationToken).ConfigureAwait(false);
                if (time.GetElapsedTime(began) < FirstPause) pause = FirstPause;
            }
            catch (KubernetesException trouble)
            {
                pause = Note(trouble);
            }

            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task ListOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ListAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesException trouble)
        {
            Note(trouble);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        HashSet<string> keys = [];
        var version = await api.ListAsync(Path, kind.Query, found => Keep(found, keys), NoteUnreadable, cancellationToken).ConfigureAwait(false);
        Shelf.KeepOnly(keys);
        _version = version;
        (IsSynced, IsClosed) = (true, false);
        Recovered();
        changed();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var happened in api.WatchAsync(Path, kind.Query, _version!, Recovered, cancellationToken).ConfigureAwait(false))
        {
            // It may be told in an event as well as by the status.
            // https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses
            if (happened.Type == "ERROR") throw Error(happened.Object);
            _expired = 0;
            if (Apply(happened)) changed();
        }

        // The server has ended it in good order: it goes on from where it was.
    }

    // Whether something that is kept has changed.
    private bool Apply(WireEvent happened)
    {
        WireObject? found;
        try
        {
            found = happened.Object.Deserialize(WireJson.Default.WireObject);
        }
        catch (JsonException error)
        {
            // Its version is asked from still: it is passed over, not asked for again and again.
            NoteUnreadable(error.Path is { } path ? $"{path} is not what it should be" : "it is not an object");
            found = null;
            if (VersionOf(happened.Object) is { } version) _version = version;
        }

        if (found is null) return false;
        if (found.Metadata?.ResourceVersion is { Length: > 0 } newest) _version = newest;
        switch (happened.Type)
        {
            case "ADDED" or "MODIFIED":
                return Keep(found, null);
            case "DELETED" when found.Metadata is { Name: { } name, Namespace: { } place }:
                Shelf.Remove($"{place}/{name}");
                return true;
            default:
                // A bookmark tells a newer version alone.
                return false;
        }
    }

    private bool Keep(WireObject found, HashSet<string>? keys)
    {
        if (read(found) is not { } one)
        {
            NoteUnreadable($"{found.Metadata?.Namespace}/{found.Metadata?.Name} lacks what makes it one of {kind.Name}");
            return false;
        }

        Shelf.Put(one);
        keys?.Add(one.Key);
        return true;
    }

    private TimeSpan Note(KubernetesException trouble)
    {
        if (trouble.Status == HttpStatusCode.Gone)
        {
            // Too much has changed since: everything is listed again. Not at once each time, when that happens again.
            _version = null;
            return _expired++ == 0 ? TimeSpan.Zero : PauseAfter(_expired);
        }

        if (trouble.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            (IsSynced, IsClosed, _version) = (false, true, null);
            Say(trouble.Status == HttpStatusCode.NotFound && kind.IsOptional ? null : trouble.Message);
            changed();
            return ClosedPause;
        }

        Say(trouble.Message);
        return trouble.RetryAfter is { } asked && asked > TimeSpan.Zero ? (asked < MostAsked ? asked : MostAsked) : PauseAfter(++_failures);
    }

    private static TimeSpan PauseAfter(int failures)
    {
        var longest = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromSeconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private void Recovered()
    {
        _failures = 0;
        Say(null);
    }

    private void Say(string? problem)
    {
        if (problem is not null && problem != Problem) LogProblem(kind.Name, problem);
        if (problem is null && Problem is not null) LogAnswers(kind.Name);
        if (problem == Problem) return;
        Problem = problem;
        changed();
    }

    private void NoteUnreadable(string why)
    {
        _unreadable++;
        Unreadable = $"{_unreadable} of {kind.Name} could not be read, the last because {why}";
        if (_unreadable == 1) LogUnreadable(kind.Name, why);
    }

    private KubernetesException Error(JsonElement status)
    {
        WireFailure? failure = null;
        try
        {
            failure = status.Deserialize(WireJson.Default.WireFailure);
        }
        catch (JsonException)
        {
            // Said below.
        }

        return new KubernetesException($"Kubernetes ended the watch of {kind.Name}: {failure?.Message ?? "it did not say why"}.", (HttpStatusCode?)failure?.Code);
    }

    private static string? VersionOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("metadata", out var meta) && meta.ValueKind == JsonValueKind.Object
        && meta.TryGetProperty("resourceVersion", out var version) && version.ValueKind == JsonValueKind.String
            ? version.GetString()
            : null;

    private void LogProblem(string name, string problem) => KubernetesLog.Problem(logger, name, problem);

    private void LogAnswers(string name) => KubernetesLog.Answers(logger, name);

    private void LogUnreadable(string name, string why) => KubernetesLog.Unreadable(logger, name, why);
}

/// <summary>What is logged of watching.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(60, LogLevel.Warning, "{Kind} of Kubernetes cannot be watched, it is tried again: {Problem}")]
    public static partial void Problem(ILogger logger, string kind, string problem);

    [LoggerMessage(61, LogLevel.Information, "{Kind} of Kubernetes are watched again")]
    public static partial void Answers(ILogger logger, string kind);

    [LoggerMessage(62, LogLevel.Warning, "One of {Kind} of Kubernetes cannot be read and is left out: {Why}")]
    public static partial void Unreadable(ILogger logger, string kind, string why);
}
