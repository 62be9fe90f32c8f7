using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Watches;

/// <summary>Which time before an upgrade it is compared with: by absolute times, without known upgrades and incidents.</summary>
/// <param name="store">Knows earlier upgrades.</param>
/// <param name="incidents">Know incidents; empty when nobody does.</param>
/// <param name="time">Limits how long they are waited for.</param>
internal sealed class BaselineReader(IUpgradeStore store, IReadOnlyList<IIncidentSource> incidents, TimeProvider time)
{
    private const int EarlierUpgrades = 50;
    private const int LongestText = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Which steps are the baseline.</summary>
    public static BaselineWindow WindowOf(Upgrade upgrade, TargetPlan plan, LeftOutTimes leftOut) => BaselineWindow.Find(
        plan,
        upgrade.UpgradedAt!.Value,
        upgrade.Evaluation.BaselineSeconds,
        upgrade.Evaluation.HistorySeconds,
        [.. leftOut.Times.Select(left => new TimeWindow(left.From, left.Until))]);

    /// <summary>What is left out: as it was frozen, or as it is known now.</summary>
    public async Task<LeftOutTimes> LeftOutAsync(Upgrade upgrade, TargetPlan plan, CancellationToken cancellationToken)
    {
        if (upgrade.LeftOut is { } frozen) return frozen;
        var until = upgrade.UpgradedAt!.Value;
        var from = until.AddSeconds(-upgrade.Evaluation.HistorySeconds);
        var earlier = await store.ListAsync(upgrade.Target, null, EarlierUpgrades, upgrade.Id, cancellationToken).ConfigureAwait(false);
        var (times, trouble) = await IncidentsAsync(upgrade.Target, from, until, cancellationToken).ConfigureAwait(false);
        times.AddRange(EarlierTimes.Of(upgrade, plan, earlier));
        var all = new LeftOutTimes { Times = [.. times.OrderBy(left => left.From)], Trouble = trouble };
        return all.Within(from, until);
    }

    // Whoever keeps the incidents does not keep the baseline waiting: what cannot be asked for now is not left out, and that is said.
    private async Task<(List<LeftOutTime> Times, string? Trouble)> IncidentsAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        List<LeftOutTime> times = [];
        string? trouble = null;
        foreach (var source in incidents)
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                var reply = await source.FindAsync(target, from, until, either.Token).ConfigureAwait(false);
                trouble ??= reply.Failure?.Message;
                times.AddRange((reply.Value?.Incidents ?? []).Select(incident => new LeftOutTime(incident.From, incident.Until, Name(incident))));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                trouble ??= $"there was no answer within {Patience.TotalSeconds:0} s.";
            }
        }

        return (times, trouble);
    }

    private static string Name(Incident incident)
    {
        var text = string.Concat(incident.Text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return text.Length == 0 ? "an incident" : $"the incident \"{(text.Length > LongestText ? $"{text[..LongestText]}…" : text)}\"";
    }
}
