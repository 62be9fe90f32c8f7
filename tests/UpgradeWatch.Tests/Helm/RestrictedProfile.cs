using k8s.Models;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The rules of the restricted profile of the Pod Security Standards, those of the baseline among them.</summary>
internal static class RestrictedProfile
{
    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
    ];

    private static readonly string[] SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
    private static readonly string[] Confined = ["RuntimeDefault", "Localhost"];

    /// <summary>The rules that a pod breaks.</summary>
    public static IReadOnlyList<string> Mistakes(V1PodSpec pod) =>
        [.. OfPod(pod), .. (pod.InitContainers ?? []).Concat(pod.Containers).SelectMany(one => OfContainer(one, pod.SecurityContext).Select(rule => $"{one.Name}: {rule}"))];

    private static IEnumerable<string> OfPod(V1PodSpec pod)
    {
        var security = pod.SecurityContext;
        if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true) yield return "host namespaces";
        if ((security?.Sysctls ?? []).Any(one => !SafeSysctls.Contains(one.Name))) yield return "sysctls";
        if (security?.RunAsUser == 0) yield return "running as user 0";
        if (security?.WindowsOptions?.HostProcess == true) yield return "host process";
        if (!IsSeLinux(security?.SeLinuxOptions)) yield return "SELinux";
        if (security?.AppArmorProfile is { } armour && !Confined.Contains(armour.Type)) yield return "AppArmor";
        if (security?.SeccompProfile is { } seccomp && !Confined.Contains(seccomp.Type)) yield return "seccomp";
        foreach (var volume in (pod.Volumes ?? []).Where(volume => !IsAllowed(volume))) yield return $"volume {volume.Name}";
    }

    private static IEnumerable<string> OfContainer(V1Container one, V1PodSecurityContext? pod)
    {
        var security = one.SecurityContext;
        if (security?.Privileged == true) yield return "privileged";
        if (security?.AllowPrivilegeEscalation != false) yield return "privilege escalation";
        if (security?.Capabilities?.Drop?.Contains("ALL") != true) yield return "capabilities are not dropped";
        if ((security?.Capabilities?.Add ?? []).Any(added => added != "NET_BIND_SERVICE")) yield return "capabilities are added";
        if ((security?.RunAsNonRoot ?? pod?.RunAsNonRoot) != true) yield return "running as non-root";
        if (security?.RunAsUser == 0) yield return "running as user 0";
        if (!Confined.Contains((security?.SeccompProfile ?? pod?.SeccompProfile)?.Type)) yield return "seccomp";
        if (security?.AppArmorProfile is { } armour && !Confined.Contains(armour.Type)) yield return "AppArmor";
        if (security?.ProcMount is not (null or "Default")) yield return "/proc mount";
        if (security?.WindowsOptions?.HostProcess == true) yield return "host process";
        if (!IsSeLinux(security?.SeLinuxOptions)) yield return "SELinux";
        if ((one.Ports ?? []).Any(port => port.HostPort is > 0)) yield return "host port";
        if (((V1Probe?[])[one.LivenessProbe, one.ReadinessProbe, one.StartupProbe]).Any(HasHost)) yield return "host of a probe";
        if (((V1LifecycleHandler?[])[one.Lifecycle?.PostStart, one.Lifecycle?.PreStop]).Any(HasHost)) yield return "host of a hook";
    }

    private static bool HasHost(V1Probe? probe) => !string.IsNullOrEmpty(probe?.HttpGet?.Host) || !string.IsNullOrEmpty(probe?.TcpSocket?.Host);

    private static bool HasHost(V1LifecycleHandler? hook) => !string.IsNullOrEmpty(hook?.HttpGet?.Host) || !string.IsNullOrEmpty(hook?.TcpSocket?.Host);

    private static bool IsSeLinux(V1SELinuxOptions? options) =>
        options is null || (SeLinuxTypes.Contains(options.Type ?? "") && string.IsNullOrEmpty(options.User) && string.IsNullOrEmpty(options.Role));

    private static bool IsAllowed(V1Volume volume) =>
        volume is { ConfigMap: not null } or { Csi: not null } or { DownwardAPI: not null } or { EmptyDir: not null } or { Ephemeral: not null }
            or { PersistentVolumeClaim: not null } or { Projected: not null } or { Secret: not null };
}
