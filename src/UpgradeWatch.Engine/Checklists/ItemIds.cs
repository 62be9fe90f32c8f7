namespace UpgradeWatch.Engine.Checklists;

/// <summary>Ids of the items that UpgradeWatch itself has something to do with.</summary>
internal static class ItemIds
{
    public const string IdentifyScope = "identify-scope";
    public const string ExecuteUpgrade = "execute-upgrade";
    public const string HealthCheck = "health-check";
    public const string MonitorMetrics = "monitor-metrics";
    public const string DatabaseChecks = "database-checks";
    public const string PostImplementationReview = "post-implementation-review";
}
