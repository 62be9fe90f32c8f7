using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Sides;

/// <summary>Tells old instances from new ones by the version label of a metric that each of them has.</summary>
public sealed class VersionSides : ISideSource
{
    /// <inheritdoc/>
    public InstanceSides? SidesOf(TargetOptions target, Upgrade upgrade)
    {
        if (target.VersionMetric is not { } metric || upgrade.FromVersion is not { Length: > 0 } from || from == upgrade.ToVersion) return null;
        return new InstanceSides(Of(from), Of(upgrade.ToVersion), "instance");

        InstanceSet Of(string version) => new()
        {
            Having = new Selector(metric, [.. target.Labels.Select(label => new LabelMatch(label.Key, MatchOperator.Equal, label.Value)), new LabelMatch(target.VersionLabel, MatchOperator.Equal, version)]),
            On = ["job", "instance"],
        };
    }
}
