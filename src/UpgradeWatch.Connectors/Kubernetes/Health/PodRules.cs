using System.Globalization;
using UpgradeWatch.Connectors.Kubernetes.Watching;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Kubernetes.Health;

/// <summary>A pod with the warnings about it.</summary>
internal readonly record struct PodState(Pod Pod, IReadOnlyList<PodWarning> Warnings);

/// <summary>
/// When pods are not well (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/). A pod that has just begun
/// to start is well; one that is not ready for two minutes is not, nor is one restart a storm.
/// </summary>
internal static class PodRules
{
    /// <summary>For how long a pod may be not ready, or wait for a node.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Restarts of one container since the upgrade that are a storm.</summary>
    public const int Storm = 3;

    private const int ManyFailedProbes = 3;
    private const int MostTroubles = 10;

    private static readonly TimeSpan StormWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProbesWithin = TimeSpan.FromMinutes(5);

    /// <summary>Judges the pods of a target.</summary>
    /// <param name="pods">Its pods, those that have ended left out.</param>
    /// <param name="stuck">What its controllers say.</param>
    /// <param name="since">The time of the upgrade.</param>
    /// <param name="now">Now.</param>
    public static HealthReport Judge(IReadOnlyList<PodState> pods, IReadOnlyList<string> stuck, DateTimeOffset since, DateTimeOffset now)
    {
        List<(int Rank, string Text)> troubles = [.. stuck.Select(text => (1, text))];
        foreach (var pod in pods.OrderBy(one => one.Pod.Name, StringComparer.Ordinal)) troubles.AddRange(Troubles(pod, since, now).Take(1));
        if (troubles.Count > 0)
        {
            var worst = troubles.OrderBy(one => one.Rank).Select(one => one.Text).ToList();
            if (worst.Count > MostTroubles) worst = [.. worst.Take(MostTroubles), $"And {worst.Count - MostTroubles} more."];
            return new HealthReport(TargetHealth.Down, worst);
        }

        return new HealthReport(pods.Any(one => one.Pod.IsReady) ? TargetHealth.Up : TargetHealth.Unknown, []);
    }

    // The worst first: whoever reads one sentence of a pod reads that.
    private static IEnumerable<(int Rank, string Text)> Troubles(PodState state, DateTimeOffset since, DateTimeOffset now)
    {
        var pod = state.Pod;
        foreach (var container in pod.Containers)
        {
            if (Waiting(pod, container) is { } waiting) yield return (0, waiting);
        }

        foreach (var container in pod.Containers)
        {
            if (container is { EndReason: "OOMKilled", EndedAt: { } at } && at >= since)
                yield return (0, $"{Name(pod, container)} was killed for using too much memory (OOMKilled, exit code {container.ExitCode}) at {Clock(at)}, restart {container.Restarts}.");
            else if (container.Restarts >= Storm && container.EndedAt >= since && now - container.EndedAt <= StormWithin && pod.CreatedAt >= since)
                yield return (0, $"{Name(pod, container)} has restarted {container.Restarts} times since the upgrade; {Ended(container)}.");
        }

        if (pod.Unschedulable is { } why && now - pod.CreatedAt >= Patience)
            yield return (2, $"Pod {pod.Name} has waited for a node for {Minutes(now - pod.CreatedAt)}: {ForeignText.Line(why).TrimEnd('.')}.");
        var probes = FailedProbes(state.Warnings, since, now);
        if (!pod.IsReady && NotReadySince(pod) is { } from && now - from >= Patience)
            yield return (2, $"Pod {pod.Name} has not been ready for {Minutes(now - from)}{(probes is null ? pod.IsPending ? ", it is pending" : "" : $": {probes}")}.");
        else if (probes is not null && IsLiveness(state.Warnings))
            yield return (3, $"Pod {pod.Name}: {probes}.");
    }

    private static string? Waiting(Pod pod, PodContainer container) => container.Waiting switch
    {
        "CrashLoopBackOff" => $"{Name(pod, container)} crashes again and again (CrashLoopBackOff, restart {container.Restarts}); {Ended(container)}.",
        "ImagePullBackOff" or "InvalidImageName" or "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" or "ErrImageNeverPull" =>
            $"{Name(pod, container)} cannot be started ({container.Waiting}){(container.WaitingMessage is { } said ? $": {ForeignText.Line(said).TrimEnd('.')}" : "")}.",
        _ => null,
    };

    private static string Ended(PodContainer container)
    {
        var reason = container.EndReason is null or "Error" ? "" : $" ({ForeignText.Line(container.EndReason)})";
        var said = container.EndMessage is { } message ? $", last message \"{ForeignText.Line(message.Trim())}\"" : "";
        return container.ExitCode is { } code ? $"it ended last with exit code {code}{reason}{said}" : "how it ended is not known";
    }

    private static string? FailedProbes(IReadOnlyList<PodWarning> warnings, DateTimeOffset since, DateTimeOffset now)
    {
        var failed = warnings.Where(one => one.Reason == "Unhealthy" && one.At >= since && now - one.At <= ProbesWithin).ToList();
        var times = failed.Sum(one => one.Count);
        return times < ManyFailedProbes ? null : $"probes have failed {times} times, last \"{ForeignText.Line(failed.MaxBy(one => one.At)!.Message.Trim())}\"";
    }

    private static bool IsLiveness(IReadOnlyList<PodWarning> warnings) => warnings.Any(one => one.Message.StartsWith("Liveness probe failed", StringComparison.Ordinal));

    private static DateTimeOffset? NotReadySince(Pod pod) => pod.ReadySince is { } told && told > pod.CreatedAt ? told : pod.CreatedAt == default ? null : pod.CreatedAt;

    private static string Name(Pod pod, PodContainer container) => $"Pod {pod.Name}, container {ForeignText.Line(container.Name)},";

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Minutes(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalMinutes):0} min");
}
