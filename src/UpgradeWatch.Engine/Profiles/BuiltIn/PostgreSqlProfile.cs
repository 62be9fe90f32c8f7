namespace UpgradeWatch.Engine.Profiles;

/// <summary>
/// PostgreSQL through postgres_exporter: transactions are the traffic and rolled-back ones the errors. The exporter has
/// no histogram of durations, so there is no latency; the longest transaction stands in as saturation.
/// </summary>
internal static class PostgreSqlProfile
{
    private const string Commits = "pg_stat_database_xact_commit";
    private const string Rollbacks = "pg_stat_database_xact_rollback";

    public static readonly Profile Instance = new()
    {
        Name = "postgresql",
        Documentation =
        [
            "https://github.com/prometheus-community/postgres_exporter/blob/master/collector/pg_stat_database.go",
            "https://github.com/prometheus-community/postgres_exporter/blob/master/cmd/postgres_exporter/postgres_exporter.go",
            "https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW",
        ],
        Requests =
        [
            new SignalDefinition
            {
                Name = Requests.Signal,
                All = [SelectorText.Parse(Commits), SelectorText.Parse(Rollbacks)],
                Bad = [SelectorText.Parse(Rollbacks)],
            },
        ],
        ExplainBy = ["datname"],
        TrafficUnit = "transactions_per_second",
        Gauges =
        [
            ProfileGauge.Level("connections", "connections", GaugeAggregation.Sum, "pg_stat_database_numbackends"),
            ProfileGauge.Rate("deadlocks", "deadlocks_per_second", GaugeAggregation.Sum, "pg_stat_database_deadlocks"),
            ProfileGauge.Level("longest-transaction", "seconds", GaugeAggregation.Max, "pg_stat_activity_max_tx_duration"),
            ProfileGauge.Level("replication-lag", "seconds", GaugeAggregation.Max, "pg_replication_lag_seconds"),
        ],
    };
}
