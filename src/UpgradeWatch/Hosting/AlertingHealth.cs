using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Workers;

namespace UpgradeWatch.Hosting;

/// <summary>How those are that alerts and silences go to.</summary>
internal sealed class AlertingHealth(IReadOnlyList<AlertSender> senders, SilenceKeeper? keeper)
{
    /// <summary>The state of each by the name of its dependency; null before it was asked.</summary>
    public IEnumerable<KeyValuePair<string, DependencyDocument?>> Latest
    {
        get
        {
            for (var i = 0; i < senders.Count; i++) yield return new(AlertingServices.NameOf(i), senders[i].Latest);
            if (keeper is null) yield break;
            foreach (var name in keeper.Places) yield return new(name, keeper.Latest.GetValueOrDefault(name));
        }
    }
}
