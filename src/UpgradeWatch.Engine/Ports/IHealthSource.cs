using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Ports;

/// <summary>Tells how a target's instances are: Kubernetes itself, or what Prometheus knows of it.</summary>
public interface IHealthSource
{
    /// <summary>Looks; null when nothing is known, which is never "well".</summary>
    /// <param name="target">The target.</param>
    /// <param name="since">The time of the upgrade: what was over before it does not count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<HealthReport?> LookAsync(TargetOptions target, DateTimeOffset since, CancellationToken cancellationToken);
}
