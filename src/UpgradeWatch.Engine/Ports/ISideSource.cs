using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Sides;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Ports;

/// <summary>Tells which of a target's instances are old and which are new.</summary>
public interface ISideSource
{
    /// <summary>Which they are; null when that is not known, or nothing else ran before.</summary>
    InstanceSides? SidesOf(TargetOptions target, Upgrade upgrade);
}
