using UpgradeWatch.Connectors.Alertmanager;
using UpgradeWatch.Engine;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Silences;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Workers;

/// <summary>A place that keeps silences: the members of a cluster, which tell each other, or one alone.</summary>
/// <param name="Name">Name of the dependency, for the status.</param>
/// <param name="Members">The members; the first that answers is asked.</param>
internal sealed record SilencePlace(string Name, IReadOnlyList<AlertmanagerClient> Members);

/// <summary>
/// Keeps silences as the upgrades need them: short ones, which are extended while their cause lasts, so that they lapse
/// by themselves when nobody extends them. No upgrade ever waits for one.
/// </summary>
internal sealed partial class SilenceKeeper(
    IReadOnlyList<SilencePlace> places, UpgradeService upgrades, EngineOptions options, SilenceOptions silences, TimeProvider time, ILogger<SilenceKeeper> logger)
{
    // Times are written to the millisecond, and two clocks are never quite the same.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    // Often enough that a short lease does not lapse between two looks.
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(Math.Clamp(silences.LeaseSeconds / 5, 1, 15));
    private readonly HashSet<string> _busy = [.. places.Select(place => place.Name)];
    private readonly Dictionary<string, DependencyDocument> _latest = [];
    private readonly Dictionary<(string Member, string Key), DateTimeOffset> _ends = [];
    private readonly HashSet<string> _lifted = [];
    private readonly Alarm _alarm = new(time);

    /// <summary>Names of the places.</summary>
    public IEnumerable<string> Places => places.Select(place => place.Name);

    /// <summary>How the last look went at each place; nothing before the first.</summary>
    public IReadOnlyDictionary<string, DependencyDocument> Latest
    {
        get
        {
            lock (_latest) return new Dictionary<string, DependencyDocument>(_latest);
        }
    }

    /// <summary>Something has changed: look at once.</summary>
    public void Wake() => _alarm.Ring();

    /// <summary>Looks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await RunOnceAsync(cancellationToken);
            await _alarm.WaitAsync(time.GetUtcNow() + _interval, cancellationToken);
        }
    }

    /// <summary>Makes, extends and ends silences once.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<WantedSilence> wanted = [];
        foreach (var target in options.Targets.Where(target => upgrades.Owns(target.Name)))
        {
            if (upgrades.Newest(target.Name) is { } upgrade) wanted.AddRange(SilenceRules.For(upgrade, target, silences, now));
        }

        foreach (var place in places)
        {
            // Where nothing is and nothing is wanted nobody is asked. After a start it is not known what is there.
            if (wanted.Count == 0 && !_busy.Contains(place.Name)) continue;
            Note(place.Name, await KeepAsync(place, wanted, now, cancellationToken));
        }
    }

    private async Task<string?> KeepAsync(SilencePlace place, List<WantedSilence> wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var member in place.Members)
        {
            (var held, var there, problem) = await member.OwnSilencesAsync(cancellationToken);
            if (held is null) continue;
            problem = await KeepAsync(member, held, wanted, now, there is { } clock && clock < now ? clock : now, cancellationToken);
            if (problem is not null) continue;
            if (wanted.Count == 0) _busy.Remove(place.Name);
            else _busy.Add(place.Name);
            return null;
        }

        return problem;
    }

    private async Task<string?> KeepAsync(AlertmanagerClient member, IReadOnlyList<HeldSilence> all, List<WantedSilence> wanted, DateTimeOffset now, DateTimeOffset start, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var one in wanted)
        {
            if (WasLifted(member, one.Key, all)) continue;
            var held = all.Where(silence => silence.Key == one.Key && !silence.IsOver && silence.HasMatchersOf(one)).MaxBy(silence => silence.EndsAt);
            if (SilenceRules.EndOf(one, held, silences, now) is not { } end) continue;
            Told(one.Key, end, held is null ? await member.MakeSilenceAsync(one, start, end, cancellationToken) : await member.EndSilenceAsync(held, end, cancellationToken));
        }

        foreach (var left in all.Where(silence => !silence.IsOver && wanted.All(one => one.Key != silence.Key || !silence.HasMatchersOf(one))))
        {
            if (!await IsOursAsync(left, cancellationToken) || SilenceRules.EndOf(left, silences, now) is not { } end) continue;
            Told(left.Key, end, await member.EndSilenceAsync(left, end, cancellationToken));
        }

        return problem;

        void Told(string key, DateTimeOffset end, string? trouble)
        {
            if (trouble is not null) problem = trouble;
            else Log.Put(logger, member.Name, key, end.UtcDateTime);
            if (trouble is null) _ends[(member.Name, key)] = end;
        }
    }

    // Somebody has ended it before its time: they want to hear what it hid, and it is not made again.
    private bool WasLifted(AlertmanagerClient member, string key, IReadOnlyList<HeldSilence> all)
    {
        if (_lifted.Contains(key)) return true;
        if (!_ends.TryGetValue((member.Name, key), out var end) || all.Where(silence => silence.Key == key).MaxBy(silence => silence.EndsAt) is not { IsOver: true } last || last.EndsAt >= end - Slack) return false;
        _lifted.Add(key);
        Log.Lifted(logger, member.Name, key);
        return true;
    }

    // Those of an UpgradeWatch beside this one are not ended; nor those of an upgrade that is not known any more: they lapse.
    private async ValueTask<bool> IsOursAsync(HeldSilence silence, CancellationToken cancellationToken) =>
        silence.Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var length && await upgrades.FindAsync(silence.Key[..length], cancellationToken) is not null;

    private void Note(string place, string? problem)
    {
        lock (_latest)
        {
            var before = _latest.GetValueOrDefault(place);
            if (problem is not null && problem != before?.LastError) Log.Trouble(logger, problem);
            _latest[place] = DependencyDocument.After(before, problem, time.GetUtcNow());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 441, Level = LogLevel.Information, Message = "{Place}: the silence of {Key} ends at {End:yyyy-MM-dd HH:mm:ss} UTC unless it is extended")]
        public static partial void Put(ILogger logger, string place, string key, DateTime end);

        [LoggerMessage(EventId = 443, Level = LogLevel.Information, Message = "{Place}: the silence of {Key} was ended by somebody, so it is not made again")]
        public static partial void Lifted(ILogger logger, string place, string key);

        [LoggerMessage(EventId = 442, Level = LogLevel.Warning, Message = "Silences could not be kept, it is tried again; no upgrade waits for them: {Error}")]
        public static partial void Trouble(ILogger logger, string error);
    }
}
