namespace UpgradeWatch.Engine.Checklists;

/// <summary>What is known about a target's instances.</summary>
public enum TargetHealth
{
    /// <summary>Nothing is known.</summary>
    Unknown,

    /// <summary>At least one instance is up.</summary>
    Up,

    /// <summary>Every instance has been down for 8 steps outside a planned downtime.</summary>
    Down,
}
