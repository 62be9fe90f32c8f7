using System.Globalization;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>
/// How a target's pods are, as kube-state-metrics tells Prometheus, for where Kubernetes itself may not be asked
/// (https://github.com/kubernetes/kube-state-metrics, pod metrics). Looked at again after half a minute.
/// </summary>
internal sealed class PodMetrics(PrometheusClient client) : IHealthSource
{
    private const int MostTroubles = 10;

    // The letters of Kubernetes' hashes: a pod of checkout-worker is none of checkout.
    private const string HashLetters = "[bcdfghjklmnpqrstvwxz2456789]";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (DateTimeOffset At, HealthReport? Report)> _latest = [];
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public async ValueTask<HealthReport?> LookAsync(TargetOptions target, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if ((target.Workloads.Namespace ?? target.Labels.GetValueOrDefault("namespace")) is not { } ns) return null;
        var now = client.Time.GetUtcNow();
        lock (_gate)
        {
            if (_latest.TryGetValue(target.Name, out var latest) && now - latest.At < Fresh && now >= latest.At) return latest.Report;
        }

        var report = await AskAsync(Matches(target, ns), now - since, cancellationToken);
        lock (_gate) _latest[target.Name] = (now, report);
        return report;
    }

    /// <summary>What picks the target's pods: those of workloads with its name.</summary>
    public static LabelMatch[] Matches(TargetOptions target, string ns) =>
    [
        new LabelMatch("namespace", MatchOperator.Equal, ns),
        new LabelMatch("pod", MatchOperator.Matches, $"{target.Name.Replace(".", "[.]", StringComparison.Ordinal)}-({HashLetters}{{1,10}}-{HashLetters}{{5}}|{HashLetters}{{5}}|[0-9]+)"),
    ];

    private async Task<HealthReport?> AskAsync(LabelMatch[] pods, TimeSpan upgraded, CancellationToken cancellationToken)
    {
        var known = await client.InstantAsync($"max by (pod) ({Series("kube_pod_status_ready", Ready(pods))})", null, cancellationToken);
        if (known.Value is not { Series.Count: > 0 } ready) return null;

        // What was before the upgrade does not count.
        var window = ExactCounts.Duration((long)Math.Clamp(upgraded.TotalSeconds, 60, 600) * 1000);
        var restarts = $"max by (pod, container) (increase({Series("kube_pod_container_status_restarts_total", pods)}[{window}]))";
        var waiting = await AskAsync($"max by (pod, container, reason) ({Series("kube_pod_container_status_waiting_reason", pods)}) == 1", cancellationToken);
        var storm = await AskAsync($"{restarts} > 2.5", cancellationToken);
        var killed = await AskAsync($"max by (pod, container) ({Series("kube_pod_container_status_last_terminated_reason", [.. pods, new LabelMatch("reason", MatchOperator.Equal, "OOMKilled")])}) == 1 and {restarts} > 0.5", cancellationToken);
        var late = await AskAsync(
            $"max by (pod) (max_over_time({Series("kube_pod_status_ready", Ready(pods))}[2m])) == 0 and on (pod) {Series("kube_pod_status_phase", [.. pods, new LabelMatch("phase", MatchOperator.Matches, "Pending|Running")])} == 1 and on (pod) (time() - {Series("kube_pod_created", pods)} > 120)",
            cancellationToken);

        // Nobody who cannot look says that all is well.
        if (waiting is null || storm is null || killed is null || late is null) return null;
        var codes = await AskAsync($"max by (pod, container) ({Series("kube_pod_container_status_last_terminated_exitcode", pods)})", cancellationToken) ?? [];
        var exits = codes.ToDictionary(Container, series => series.Points[^1].Value);
        List<string> troubles =
        [
            .. waiting.Select(series => Waiting(series, exits)).OfType<string>(),
            .. killed.Select(series => $"{Container(series)} was killed for using too much memory (OOMKilled{Exit(series, exits)})."),
            .. storm.Select(series => string.Create(CultureInfo.InvariantCulture, $"{Container(series)} has restarted {series.Points[^1].Value:0} times within {window}{Exit(series, exits)}.")),
            .. late.Select(series => $"Pod {Label(series, "pod")} has not been ready for 2 min."),
        ];
        if (troubles.Count > MostTroubles) troubles = [.. troubles.Take(MostTroubles), $"And {troubles.Count - MostTroubles} more."];
        if (troubles.Count > 0) return new HealthReport(TargetHealth.Down, troubles);
        return new HealthReport(ready.Series.Any(series => series.Points[^1].Value == 1) ? TargetHealth.Up : TargetHealth.Unknown, []);
    }

    private async Task<List<PointSeries>?> AskAsync(string query, CancellationToken cancellationToken) => (await client.InstantAsync(query, null, cancellationToken)).Value?.Series;

    private static LabelMatch[] Ready(LabelMatch[] pods) => [.. pods, new LabelMatch("condition", MatchOperator.Equal, "true")];

    private static string? Waiting(PointSeries series, Dictionary<string, double> exits) => Label(series, "reason") switch
    {
        "CrashLoopBackOff" => $"{Container(series)} crashes again and again (CrashLoopBackOff{Exit(series, exits)}).",
        "ImagePullBackOff" or "InvalidImageName" or "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" or "ErrImageNeverPull" => $"{Container(series)} cannot be started ({Label(series, "reason")}).",
        _ => null,
    };

    private static string Exit(PointSeries series, Dictionary<string, double> exits) =>
        exits.TryGetValue(Container(series), out var code) ? string.Create(CultureInfo.InvariantCulture, $", exit code {code:0}") : "";

    private static string Container(PointSeries series) => $"Pod {Label(series, "pod")}, container {Label(series, "container")},";

    private static string Label(PointSeries series, string name) => ForeignText.Line(series.Labels.GetValueOrDefault(name) ?? "");

    private static string Series(string metric, LabelMatch[] matches) => new Selector(metric, matches).ToPromQl();
}
