using Microsoft.Extensions.Logging;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Rollouts;

/// <summary>
/// Opens and moves upgrades as they are seen to happen, so that nobody has to tell. Survives being killed between a
/// command and the memory of it: the same sighting after a restart finds the upgrade and changes nothing.
/// </summary>
public sealed partial class RolloutFollower(UpgradeService upgrades, IUpgradeStore store, EngineOptions options, TimeProvider time, ILogger<RolloutFollower> logger)
{
    /// <summary>Who is recorded for what Kubernetes shows.</summary>
    public const string Kubernetes = RolloutRules.KubernetesName;

    /// <summary>Who is recorded for what a metric's version label shows.</summary>
    public const string VersionMetric = RolloutRules.MetricName;

    // A sighting leads to a handful of moves. More would go round in circles.
    private const int MostMoves = 20;

    /// <summary>Follows how the workloads of a target stand now. Safe to call with the same sightings again and again.</summary>
    /// <param name="target">Name of the target.</param>
    /// <param name="sightings">All its workloads that can be seen.</param>
    /// <param name="by">Who has seen them, for the record.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why something that was seen could not be recorded, as a sentence; null when all was.</returns>
    /// <exception cref="StoreException">What is remembered cannot be read or stored.</exception>
    public async Task<string?> FollowAsync(string target, IReadOnlyList<RolloutSighting> sightings, string by, CancellationToken cancellationToken)
    {
        if (!upgrades.Owns(target) || sightings.Count == 0) return null;
        var memory = await store.LoadRolloutsAsync(target, cancellationToken).ConfigureAwait(false);
        for (var moves = 0; moves < MostMoves; moves++)
        {
            if (RolloutRules.Next([.. sightings.Select(InTime)], memory, NewestOf(target), by) is not { } move) return null;
            var (upgradeId, refusal) = await MakeAsync(move, cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                LogRefused(target, refusal);
                return refusal;
            }

            if (move.Remember is not { } seen) continue;
            if (seen.UpgradeId == RolloutMove.Begun) seen = seen with { UpgradeId = upgradeId };
            await store.SaveRolloutAsync(seen, cancellationToken).ConfigureAwait(false);
            LogSeen(target, seen.Workload, seen.Template.Version, seen.IsDone ? "runs" : "is rolled out");
            memory = [.. memory.Where(one => one.Workload != seen.Workload), seen];
        }

        LogCircle(target);
        return $"what is seen of {target} changes too fast to be followed";
    }

    private async Task<(string? UpgradeId, string? Refusal)> MakeAsync(RolloutMove move, CancellationToken cancellationToken)
    {
        if (move.Begin is { At: { } at } late && at < OldestOf(late.Target))
        {
            // It can be compared with nothing any more.
            LogTooLate(late.Target, late.ToVersion, at.UtcDateTime);
            return (null, null);
        }

        var result = move switch
        {
            { Begin: { } begin } => await upgrades.BeginAsync(begin with { Owner = options.Find(begin.Target)?.Owner ?? begin.Owner }, cancellationToken).ConfigureAwait(false),
            { Advance: { } advance } => await upgrades.AdvanceAsync(advance.UpgradeId, advance.Command, cancellationToken).ConfigureAwait(false),
            _ => null,
        };
        return (result?.Upgrade?.Id, result?.Refusal?.Detail);
    }

    private Upgrade? NewestOf(string target) => upgrades.Current.FirstOrDefault(upgrade => upgrade.Target == target && upgrade.IsOpen) ?? upgrades.Newest(target);

    // Whose clock is ahead of this one has still seen it happen by now; and a move cannot lie before all history.
    private RolloutSighting InTime(RolloutSighting sighting)
    {
        var now = time.GetUtcNow();
        return sighting with { ChangedAt = Min(sighting.ChangedAt, now), DoneAt = sighting.DoneAt is { } done ? Max(Min(done, now), OldestOf(sighting.Target)) : null };
    }

    private DateTimeOffset OldestOf(string target) => time.GetUtcNow().AddSeconds(-(options.Find(target)?.Evaluation.HistorySeconds ?? 0)).AddMinutes(1);

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    [LoggerMessage(24, LogLevel.Information, "seen target={Target} workload=\"{Workload}\" version={Version} state=\"{State}\"")]
    private partial void LogSeen(string target, string workload, string version, string state);

    [LoggerMessage(20, LogLevel.Warning, "seen, but not recorded target={Target} reason=\"{Reason}\"")]
    private partial void LogRefused(string target, string reason);

    [LoggerMessage(22, LogLevel.Warning, "seen too late to be judged target={Target} version={Version} at={At:yyyy-MM-dd HH:mm:ss} UTC")]
    private partial void LogTooLate(string target, string version, DateTime at);

    [LoggerMessage(21, LogLevel.Error, "seen, but cannot be followed target={Target}")]
    private partial void LogCircle(string target);
}
