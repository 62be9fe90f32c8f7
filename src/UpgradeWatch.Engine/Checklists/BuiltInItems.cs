using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Checklists;

/// <summary>The items of the template <c>software-upgrade</c>. Driven are those whose state follows from what UpgradeWatch sees.</summary>
internal static class BuiltInItems
{
    public static IReadOnlyList<ChecklistItem> All { get; } =
    [
        Item(Phase.PreUpgrade, ItemIds.IdentifyScope, "Identify the scope: versions, path, known exceptions", driven: true),
        Item(Phase.PreUpgrade, "check-prerequisites", "Check the prerequisites"),
        Item(Phase.PreUpgrade, "assess-impact", "Assess the impact and the planned downtime"),
        Item(Phase.PreUpgrade, "rollback-plan", "Prepare the rollback plan"),
        Item(Phase.PreUpgrade, "notify-stakeholders", "Notify the stakeholders"),
        Item(Phase.PreUpgrade, "check-configuration", "Check the configuration"),
        Item(Phase.PreUpgrade, "access-secrets", "Have access and secrets ready"),
        Item(Phase.PreUpgrade, "dry-run", "Rehearse it in another environment"),
        Item(Phase.Upgrading, ItemIds.ExecuteUpgrade, "Execute the upgrade", driven: true),
        Item(Phase.Upgrading, ItemIds.HealthCheck, "Check the health of the target", driven: true),
        Item(Phase.PostUpgrade, "manual-steps", "Do the manual steps"),
        Item(Phase.PostUpgrade, "verify-functionality", "Verify the functionality"),
        Item(Phase.PostUpgrade, "sanity-check", "Run the sanity checks"),
        Item(Phase.PostUpgrade, ItemIds.MonitorMetrics, "Monitor the metrics", driven: true),
        Item(Phase.PostUpgrade, ItemIds.DatabaseChecks, "Compare the database before and after"),
        Item(Phase.PostUpgrade, "update-documentation", "Update the documentation"),
        Item(Phase.PostUpgrade, ItemIds.PostImplementationReview, "Review the upgrade afterwards", driven: true),
    ];

    public static ChecklistItem? Find(string id) => All.FirstOrDefault(item => item.Id == id);

    private static ChecklistItem Item(Phase phase, string id, string title, bool driven = false) =>
        new() { Id = id, Title = title, Phase = phase, Driven = driven };
}
