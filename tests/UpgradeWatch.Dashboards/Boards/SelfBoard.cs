namespace UpgradeWatch.Dashboards.Boards;

/// <summary>UpgradeWatch itself: is it looking, and can it say what it sees.</summary>
internal static class SelfBoard
{
    // What the process metrics of UpgradeWatch have in common with its own: the labels of the scrape.
    private const string Own = "and on (job, instance) upgradewatch_build_info";

    /// <summary>The dashboard.</summary>
    public static Board Board { get; } = new()
    {
        Uid = "upgradewatch-self",
        Title = "UpgradeWatch / Self",
        Description = "Whether UpgradeWatch looks, what its sources answer, what waits to be said outside, and what it uses.",
        From = "now-6h",
        Panels =
        [
            LastLook, Active, Store, Outbox, Version, Dropped,
            Lag, Duration, Requests, Errors, Samples, Pending, Sent, Memory, Processor, Files,
        ],
    };

    private static Panel LastLook => new()
    {
        Type = "stat",
        Title = "Last look",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "s",
        NoValue = "it is down, or only standing by",
        Description = "How long ago UpgradeWatch last looked at everything. It looks every 15 s unless it is configured otherwise, also when there is nothing to judge.",
        Queries = [new("time() - max(upgradewatch_last_evaluation_timestamp_seconds)", "ago", QueryShape.Now)],
        Thresholds = [new(null, "green"), new(60, "orange"), new(120, "red")],
    };

    private static Panel Active => new()
    {
        Type = "stat",
        Title = "Active instances",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = "it is down",
        Description = "Instances that are the active one on their store: one for each UpgradeWatch. The others stand by.",
        Queries = [new("sum(upgradewatch_active)", "active", QueryShape.Now)],
        Thresholds = [new(null, "red"), new(1, "green")],
    };

    private static Panel Store => new()
    {
        Type = "stat",
        Title = "Store",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = "it is down",
        Description = "Whether changes can be stored. While they cannot, new upgrades are refused and judging goes on in memory.",
        Queries = [new("min(upgradewatch_store_up)", "store", QueryShape.Now)],
        Mappings = [new("0", "cannot be written", "red"), new("1", "well", "green")],
    };

    private static Panel Outbox => new()
    {
        Type = "stat",
        Title = "Waiting to be said",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = "nothing is told outside",
        Description = "What waits to be said to Grafana and others. It is kept on disk while they are away.",
        Queries = [new("sum(upgradewatch_outbox_pending)", "waiting", QueryShape.Now)],
        Thresholds = [new(null, "green"), new(10, "orange"), new(100, "red")],
        Mappings = [new("0", "nothing", "green")],
    };

    private static Panel Version => new()
    {
        Type = "stat",
        Title = "Version",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat("name"),
        Unit = "none",
        NoValue = "it is down",
        Description = "The version of UpgradeWatch that runs.",
        Queries = [new("max by (version) (upgradewatch_build_info)", "{{version}}", QueryShape.Now)],
        Thresholds = [new(null, "blue")],
    };

    private static Panel Dropped => new()
    {
        Type = "stat",
        Title = "Not exposed",
        Width = 4,
        Height = 4,
        Options = Shapes.Stat(),
        Unit = "none",
        NoValue = "it is down",
        Description = "Targets and SLIs that are not on /metrics because there are too many.",
        Queries = [new("sum(upgradewatch_dropped_series)", "dropped", QueryShape.Now)],
        Thresholds = [new(null, "green"), new(1, "red")],
        Mappings = [new("0", "none", "green")],
    };

    private static Panel Lag => Course(
        "Lag", "s", "How far what was judged lies behind what could be complete. It grows while a source does not answer.",
        new Query("max by (job) (upgradewatch_evaluation_lag_seconds)", "{{job}}"));

    private static Panel Duration => Course(
        "Time of a look", "s", "How long one look at everything takes: the median, and what one in a hundred exceeds.",
        new Query("histogram_quantile(0.5, sum by (le) (rate(upgradewatch_evaluation_duration_seconds_bucket[$__rate_interval])))", "median"),
        new Query("histogram_quantile(0.99, sum by (le) (rate(upgradewatch_evaluation_duration_seconds_bucket[$__rate_interval])))", "99 %"));

    private static Panel Requests => Course(
        "Requests to sources", "reqps", "Requests to Prometheus and other sources, by how they ended.",
        new Query("sum by (source, outcome) (rate(upgradewatch_source_requests_total[$__rate_interval]))", "{{source}}, {{outcome}}"));

    private static Panel Errors => Course(
        "Errors of sources", "percentunit", "Share of requests to each source that failed. While it fails, findings are inconclusive.",
        new Query("sum by (source) (rate(upgradewatch_source_requests_total{outcome=\"error\"}[$__rate_interval])) / (sum by (source) (rate(upgradewatch_source_requests_total[$__rate_interval])) > 0)", "{{source}}"));

    private static Panel Samples => Course(
        "Samples fetched over needed", "none", "Each sample is fetched once: 1 is ideal, and up to 1.05 is within the budget.",
        new Query("sum by (source) (increase(upgradewatch_source_samples_total[$__range])) / (sum by (source) (increase(upgradewatch_source_samples_needed_total[$__range])) > 0)", "{{source}}"));

    private static Panel Pending => Course(
        "Waiting to be said, over time", "none", "What waits to be said outside, by where to.",
        new Query("sum by (sink) (upgradewatch_outbox_pending)", "{{sink}}"));

    private static Panel Sent => Course(
        "Said outside", "ops", "Tries to say something outside, by how they ended: delivered, to be tried again, or refused for good.",
        new Query("sum by (sink, outcome) (rate(upgradewatch_outbox_sent_total[$__rate_interval]))", "{{sink}}, {{outcome}}"));

    private static Panel Memory => Course(
        "Memory", "bytes", "Memory of the process, and what of it the runtime manages.",
        new Query($"process_working_set_bytes {Own}", "resident, {{instance}}"),
        new Query($"dotnet_total_memory_bytes {Own}", "managed, {{instance}}"));

    private static Panel Processor => Course(
        "Processor", "percentunit", "Share of one processor that it uses.",
        new Query($"rate(process_cpu_seconds_total[$__rate_interval]) {Own}", "{{instance}}"));

    private static Panel Files => Course(
        "Threads and open files", "none", "Threads of the process and files that it has open, connections among them.",
        new Query($"process_num_threads {Own}", "threads, {{instance}}"),
        new Query($"process_open_handles {Own}", "files, {{instance}}"));

    private static Panel Course(string title, string unit, string description, params Query[] queries) => new()
    {
        Type = "timeseries",
        Title = title,
        Description = description,
        Unit = unit,
        Width = 12,
        Height = 7,
        Options = Shapes.Courses(),
        Custom = Shapes.Lines(),
        Queries = queries,
        NoValue = "nothing in this time",
    };
}
