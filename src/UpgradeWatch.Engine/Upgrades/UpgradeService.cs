using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Upgrades;

/// <summary>
/// The upgrades in motion: takes commands and the results of evaluations, one after the other, stores each change
/// with what it causes in one transaction, and then shows it. Safe for concurrent use.
/// </summary>
public sealed partial class UpgradeService(IUpgradeStore store, EngineOptions options, TimeProvider time, ILogger<UpgradeService> logger) : IDisposable
{
    // Whoever stands by reads on at the next look.
    private const int MostEvents = 1000;

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly ConcurrentDictionary<string, Upgrade> _current = new();
    private readonly ConcurrentDictionary<string, string> _newest = new();
    private readonly ConcurrentDictionary<string, Upgrade> _unstored = new();
    private readonly ConcurrentDictionary<string, bool> _heldUp = new();
    private long? _loadedUnder;
    private long? _lastEvent;

    /// <summary>Raised for every stored event, in order, after the change can be seen. Handlers must be quick and not throw.</summary>
    public event Action<EngineEvent>? Published;

    /// <summary>The upgrades that are open or the newest of their target, as they are now.</summary>
    public IReadOnlyCollection<Upgrade> Current => (IReadOnlyCollection<Upgrade>)_current.Values;

    /// <summary>Why the newest change could not be stored; null when it could.</summary>
    public StoreTrouble? StoreTrouble { get; private set; }

    /// <summary>
    /// Whether this instance looks at a target, judges it and takes changes of it: the one place that decides it. Not
    /// while another instance is the active one on the store, nor before what that one has left was read.
    /// </summary>
    public bool Owns(string target) => IsActive;

    /// <summary>Whether this instance is the active one on the store, and knows what the one before it has left.</summary>
    public bool IsActive => store.Lease is { IsHeld: true } lease && (lease.Number == _loadedUnder || lease.Number == 0);

    /// <summary>
    /// Reads what is stored: what was going on when the process ended, or what the active instance has done since. To be
    /// called before anything else, by an instance on standby every few seconds, and when that becomes active.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var lease = store.Lease.Number;
            var last = _lastEvent ??= await store.LastEventIdAsync(cancellationToken).ConfigureAwait(false);
            var events = await store.EventsAfterAsync(last, MostEvents, cancellationToken).ConfigureAwait(false);
            var loaded = await store.LoadCurrentAsync(cancellationToken).ConfigureAwait(false);
            _unstored.Clear();
            _newest.Clear();
            foreach (var upgrade in loaded) Keep(upgrade);
            foreach (var gone in _current.Keys.Except(loaded.Select(upgrade => upgrade.Id))) _current.TryRemove(gone, out _);
            _loadedUnder = lease;
            foreach (var happened in events)
            {
                _lastEvent = happened.Id;
                Published?.Invoke(happened);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Opens an upgrade; the same idempotency key with the same request gives the same upgrade again.</summary>
    public async Task<CommandResult> BeginAsync(BeginCommand command, CancellationToken cancellationToken)
    {
        if (BeginRules.Check(command, options, time.GetUtcNow()) is { } refusal) return CommandResult.Refused(refusal);
        return await RunAsync(
            async () =>
            {
                var hash = command.IdempotencyKey is null ? null : BeginRules.Hash(command);
                if (command.StoredKey is { } key && await store.FindIdempotencyAsync(key, cancellationToken).ConfigureAwait(false) is { } known)
                {
                    return await RepeatAsync(known, command, hash!, cancellationToken).ConfigureAwait(false);
                }

                return await OpenAsync(command, hash, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves an upgrade to another phase; the same move twice changes nothing.</summary>
    public Task<CommandResult> AdvanceAsync(string upgradeId, AdvanceCommand command, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            if (await FindAsync(upgradeId, cancellationToken).ConfigureAwait(false) is not { } upgrade) return NoSuchUpgrade(upgradeId);
            return await MoveAsync(upgrade, command, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Changes a checklist item.</summary>
    public Task<CommandResult> ChangeItemAsync(string upgradeId, string itemId, ChecklistCommand command, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            if (await FindAsync(upgradeId, cancellationToken).ConfigureAwait(false) is not { } upgrade) return NoSuchUpgrade(upgradeId);
            var now = time.GetUtcNow();
            var (items, refusal) = ChecklistRules.Change(upgrade.Checklist, itemId, command, now);
            if (refusal is not null) return CommandResult.Refused(refusal);
            var change = ChangeOf(upgrade);
            change.SetChecklist(items!);
            var state = items!.First(item => item.Id == itemId).Status.ToText();
            change.Note(command.By, command.Override ? "override" : "checklist", itemId, state, command.Reason);
            await CommitAsync([change], null, cancellationToken).ConfigureAwait(false);
            LogItemChanged(upgrade.Target, upgrade.Id, itemId, state, command.By ?? "unknown", command.Reason ?? "");
            return CommandResult.Done(change.Upgrade, changed: true);
        },
        cancellationToken);

    /// <summary>One upgrade as it is now; null when there is none.</summary>
    public async ValueTask<Upgrade?> FindAsync(string upgradeId, CancellationToken cancellationToken) =>
        _current.TryGetValue(upgradeId, out var upgrade) ? upgrade : await store.FindAsync(upgradeId, cancellationToken).ConfigureAwait(false);

    /// <summary>The newest upgrade of a target (open or not); null when it never had one.</summary>
    public Upgrade? Newest(string target) =>
        _newest.TryGetValue(target, out var id) && _current.TryGetValue(id, out var upgrade) ? upgrade : null;

    /// <summary>Upgrades, newest first.</summary>
    public async Task<IReadOnlyList<Upgrade>> ListAsync(string? target, Phase? phase, int limit, string? beforeId, CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(target, phase, limit, beforeId, cancellationToken).ConfigureAwait(false);
        return [.. stored.Select(upgrade => _current.GetValueOrDefault(upgrade.Id) ?? upgrade)];
    }

    /// <summary>
    /// The upgrade as it is to be answered at this moment: its verdict is <c>inconclusive: stale</c> when it was not
    /// evaluated for longer than three intervals and a minute, or is said to have been in a time that has not come.
    /// </summary>
    public Upgrade AsReadNow(Upgrade upgrade)
    {
        if (upgrade.Verdict.Final || !upgrade.IsOpen) return upgrade;
        var last = upgrade.EvaluatedAt ?? upgrade.CreatedAt;
        var age = time.GetUtcNow() - last;
        var limit = TimeSpan.FromSeconds(Math.Max(3 * options.IntervalSeconds, 60));
        if (age.Duration() <= limit) return upgrade;
        var cause = _heldUp.ContainsKey(upgrade.Id) ? ", because its source has not answered since" : "";
        var summary = age > TimeSpan.Zero
            ? $"UpgradeWatch has not looked since {last.ToUniversalTime():HH:mm:ss} UTC ({age.TotalSeconds:0} s){cause}, so nothing can be said now."
            : $"UpgradeWatch has looked last at {last.ToUniversalTime():HH:mm:ss} UTC, and it is {time.GetUtcNow():HH:mm:ss} now: the clock was set back, and nobody knows how long ago that was.";
        return upgrade with { Verdict = upgrade.Verdict with { Status = FindingStatus.Inconclusive, Code = FindingCodes.Stale, Summary = summary } };
    }

    /// <summary>
    /// The upgrade as alerts and metrics show it: as it is read now, but what has failed goes on failing while nobody looks.
    /// A page must not end because UpgradeWatch was started anew.
    /// </summary>
    public Upgrade AsShown(Upgrade upgrade) => upgrade.Verdict.Status == FindingStatus.Fail ? upgrade : AsReadNow(upgrade);

    /// <summary>Keeps whether an upgrade waits for a source that hangs, so that a stale verdict can say so.</summary>
    internal void NoteHeldUp(string upgradeId, bool isHeldUp)
    {
        if (isHeldUp) _heldUp[upgradeId] = true;
        else _heldUp.TryRemove(upgradeId, out _);
    }

    /// <summary>Takes the result of an evaluation over, unless the upgrade has been changed since it was read.</summary>
    /// <returns>False when it was changed meanwhile or could not be stored: the next evaluation does it again.</returns>
    internal async Task<bool> ApplyAsync(Upgrade evaluated, Action<UpgradeChange> apply, bool worthStoring, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!Owns(evaluated.Target) || !_current.TryGetValue(evaluated.Id, out var now) || now.Revision != evaluated.Revision) return false;
            var stored = _unstored.TryGetValue(now.Id, out var old) ? WithFound(old, now) : now;
            var change = new UpgradeChange(stored, options, time.GetUtcNow());
            apply(change);
            change.Set(u => u with { EvaluatedAt = change.Now });
            if (!worthStoring && change.Events.Count == 0 && change.Outbox.Count == 0)
            {
                Keep(change.Upgrade);
                return true;
            }

            return await StoreOrRememberAsync(stored, change, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    // A store that takes nothing must not keep anybody from being warned: the verdict is shown all the same, and what is
    // to be said about it is worked out against what was stored last, so that nothing is left out once it is stored.
    private async Task<bool> StoreOrRememberAsync(Upgrade stored, UpgradeChange change, CancellationToken cancellationToken)
    {
        var (verdict, checklist) = (change.Upgrade.Verdict, change.Upgrade.Checklist);
        try
        {
            await CommitAsync([change], null, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (StoreException e)
        {
            NoteStoreFailed(e);
            _unstored[stored.Id] = stored;
            var shown = WithFound(stored, change.Upgrade) with { Verdict = verdict with { Final = stored.Verdict.Final }, Checklist = checklist, EvaluatedAt = change.Now };
            LogVerdictIfNew(_current[stored.Id], shown);
            Keep(shown);
            return false;
        }
    }

    // A person's change builds on what was stored last and takes along what has been found since.
    private UpgradeChange ChangeOf(Upgrade shown)
    {
        if (!_unstored.TryGetValue(shown.Id, out var stored)) return new UpgradeChange(shown, options, time.GetUtcNow());
        var change = new UpgradeChange(WithFound(stored, shown) with { EvaluatedAt = shown.EvaluatedAt }, options, time.GetUtcNow());
        change.Judge(shown.Verdict);
        change.SetChecklist(shown.Checklist);
        return change;
    }

    // What was planned, and that it has failed, stays known without a store: what has failed never passes.
    private static Upgrade WithFound(Upgrade stored, Upgrade shown) =>
        stored with { Plan = shown.Plan, FailedSlis = shown.FailedSlis, TimeToDetectSeconds = shown.TimeToDetectSeconds };

    private async Task<CommandResult> OpenAsync(BeginCommand command, string? hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var target = options.Find(command.Target)!;
        List<UpgradeChange> changes = [];
        var open = OpenOf(command.Target);
        var opened = BeginRules.Open(NextId(now), command, target, options, now);
        if (open is not null)
        {
            if (!command.Supersede) return CommandResult.Refused(BeginRules.AlreadyOpen(open));
            var closing = ChangeOf(open);
            MoveRules.Supersede(closing, opened);
            changes.Add(closing);
        }

        var change = new UpgradeChange(opened, options, now);
        change.Enter(opened.History[0], first: true);
        change.Note(command.By, "begin", opened.Phase.ToText(), opened.ToVersion);
        change.SetChecklist(ChecklistRules.Drive(change.Upgrade, HealthReport.Unknown, now));
        changes.Insert(0, change);
        var idempotency = hash is null ? null : new IdempotencyRecord(command.StoredKey!, hash, opened.Id);
        await CommitAsync(changes, idempotency, cancellationToken).ConfigureAwait(false);
        LogBegun(opened.Target, opened.Id, AnnotationRules.Versions(opened), opened.Phase.ToText(), command.By ?? "unknown");
        return CommandResult.Done(change.Upgrade, changed: true);
    }

    private async Task<CommandResult> MoveAsync(Upgrade upgrade, AdvanceCommand command, CancellationToken cancellationToken)
    {
        if (upgrade.Phase == command.Phase) return CommandResult.Done(upgrade, changed: false);
        var now = time.GetUtcNow();
        var move = MoveRules.Check(upgrade, command, options.Checklist.Enforce, now);
        if (move.Refusal is { } refusal) return CommandResult.Refused(refusal);
        if (!upgrade.IsOpen && OpenOf(upgrade.Target) is { } open) return CommandResult.Refused(MoveRules.OtherOpen(upgrade, open));
        var change = ChangeOf(upgrade);
        if (MoveRules.MakesFinal(upgrade, command.Phase)) change.Set(AsReadNow);
        MoveRules.Apply(change, command, move.OpenItems);
        await CommitAsync([change], null, cancellationToken).ConfigureAwait(false);
        LogMoved(upgrade.Target, upgrade.Id, upgrade.Phase.ToText(), command.Phase.ToText(), command.By ?? "unknown", command.Reason ?? "");
        return CommandResult.Done(change.Upgrade, changed: true, move.OpenItems);
    }

    // Not always the newest one: an older upgrade may be in a late rollback.
    private Upgrade? OpenOf(string target) => _current.Values.FirstOrDefault(upgrade => upgrade.Target == target && upgrade.IsOpen);

    // Ids sort by their creation also within one millisecond, and when the clock was set back: "newest" means newest.
    private string NextId(DateTimeOffset now)
    {
        var newest = _newest.Values.Select(id => Ulid.Parse(id).Time).DefaultIfEmpty().Max();
        return Ulid.NewUlid(now.AddMilliseconds(-1) >= newest ? now : newest.AddMilliseconds(1)).ToString();
    }

    private async Task<CommandResult> RepeatAsync(IdempotencyRecord known, BeginCommand command, string hash, CancellationToken cancellationToken)
    {
        if (known.RequestHash != hash)
        {
            return CommandResult.Refused(new Refusal(RefusalKind.Invalid, $"Idempotency-Key '{command.IdempotencyKey}' was used for another request; use a new key") { Field = "Idempotency-Key" });
        }

        return await FindAsync(known.UpgradeId, cancellationToken).ConfigureAwait(false) is { } upgrade
            ? CommandResult.Done(upgrade, changed: false)
            : NoSuchUpgrade(known.UpgradeId);
    }

    private async Task<CommandResult> RunAsync(Func<Task<CommandResult>> command, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return IsActive ? await command().ConfigureAwait(false) : CommandResult.Refused(new Refusal(RefusalKind.StoreUnavailable, store.Lease.Refusal));
        }
        catch (StoreException e) when (e.Failure == StoreFailure.NotActive)
        {
            return CommandResult.Refused(new Refusal(RefusalKind.StoreUnavailable, e.Message));
        }
        catch (StoreException e)
        {
            NoteStoreFailed(e);
            var kind = e.Failure == StoreFailure.Full ? RefusalKind.StoreFull : RefusalKind.StoreUnavailable;
            return CommandResult.Refused(new Refusal(kind, $"the change could not be stored, so nothing was changed: {e.Message}"));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task CommitAsync(IReadOnlyList<UpgradeChange> changes, IdempotencyRecord? idempotency, CancellationToken cancellationToken)
    {
        foreach (var change in changes) change.Set(u => u with { Revision = u.Revision + 1 });
        var saved = await store.SaveAsync(
            new StoreChange([.. changes.Select(c => c.Upgrade)])
            {
                Outbox = [.. changes.SelectMany(c => c.Outbox)],
                Events = [.. changes.SelectMany(c => c.Events)],
                Baseline = changes[0].Baseline,
                History = changes[0].History,
                Idempotency = idempotency,
            },
            cancellationToken).ConfigureAwait(false);
        StoreTrouble = null;
        foreach (var change in changes.Reverse())
        {
            _unstored.TryRemove(change.Upgrade.Id, out _);
            if (_current.TryGetValue(change.Upgrade.Id, out var shown)) LogVerdictIfNew(shown, change.Upgrade);
            Keep(change.Upgrade);
        }

        foreach (var published in saved.Events) Published?.Invoke(published);
    }

    private void NoteStoreFailed(StoreException e)
    {
        LogStoreFailed(e.Failure, e.Message);
        StoreTrouble = new StoreTrouble(e.Message, StoreTrouble?.Since ?? time.GetUtcNow());
    }

    private void Keep(Upgrade upgrade)
    {
        _current[upgrade.Id] = upgrade;
        var newest = _newest.AddOrUpdate(upgrade.Target, upgrade.Id, (_, old) => string.CompareOrdinal(upgrade.Id, old) > 0 ? upgrade.Id : old);
        foreach (var other in _current.Values)
        {
            if (other.Target == upgrade.Target && other.Id != newest && !other.IsOpen) _current.TryRemove(other.Id, out _);
        }
    }

    private void LogVerdictIfNew(Upgrade before, Upgrade after)
    {
        var (old, now) = (before.Verdict, after.Verdict);
        if (old.Status == now.Status && old.Code == now.Code && old.Final == now.Final) return;
        LogVerdict(after.Target, after.Id, old.Status.ToText(), now.Status.ToText(), now.Code, now.Final, now.Summary);
    }

    private static CommandResult NoSuchUpgrade(string id) =>
        CommandResult.Refused(new Refusal(RefusalKind.NotFound, $"no upgrade has the id '{id}'") { Field = "id" });

    [LoggerMessage(1, LogLevel.Information, "upgrade begun target={Target} upgrade={Upgrade} versions=\"{Versions}\" phase={Phase} by={By}")]
    private partial void LogBegun(string target, string upgrade, string versions, string phase, string by);

    [LoggerMessage(2, LogLevel.Information, "phase changed target={Target} upgrade={Upgrade} from={From} to={To} by={By} reason=\"{Reason}\"")]
    private partial void LogMoved(string target, string upgrade, string from, string to, string by, string reason);

    [LoggerMessage(3, LogLevel.Information, "verdict target={Target} upgrade={Upgrade} from={From} to={To} code={Code} final={Final} reason=\"{Reason}\"")]
    private partial void LogVerdict(string target, string upgrade, string from, string to, string code, bool final, string reason);

    [LoggerMessage(4, LogLevel.Error, "store failed cause={Failure} reason=\"{Reason}\"")]
    private partial void LogStoreFailed(StoreFailure failure, string reason);

    [LoggerMessage(7, LogLevel.Information, "checklist changed target={Target} upgrade={Upgrade} item={Item} status={Status} by={By} reason=\"{Reason}\"")]
    private partial void LogItemChanged(string target, string upgrade, string item, string status, string by, string reason);
}
