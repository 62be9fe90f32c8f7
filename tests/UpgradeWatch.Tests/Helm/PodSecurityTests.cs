using k8s.Models;
using UpgradeWatch.Tests.Helm.Rendering;

namespace UpgradeWatch.Tests.Helm;

/// <summary>The pods fit the restricted profile, and the check of it can tell.</summary>
[Collection(ChartTests.Name)]
public sealed class PodSecurityTests(ChartEngine chart)
{
    private static readonly Dictionary<string, Action<V1PodSpec>> Breaches = new()
    {
        ["host namespaces"] = pod => pod.HostNetwork = true,
        ["sysctls"] = pod => pod.SecurityContext.Sysctls = [new V1Sysctl { Name = "kernel.msgmax", Value = "1" }],
        ["volume"] = pod => pod.Volumes[0] = new V1Volume { Name = "x", HostPath = new V1HostPathVolumeSource { Path = "/" } },
        ["privileged"] = pod => pod.Containers[0].SecurityContext.Privileged = true,
        ["privilege escalation"] = pod => pod.Containers[0].SecurityContext.AllowPrivilegeEscalation = null,
        ["capabilities are not dropped"] = pod => pod.Containers[0].SecurityContext.Capabilities = null,
        ["capabilities are added"] = pod => pod.Containers[0].SecurityContext.Capabilities.Add = ["SYS_ADMIN"],
        ["running as non-root"] = pod => (pod.Containers[0].SecurityContext.RunAsNonRoot, pod.SecurityContext.RunAsNonRoot) = (null, null),
        ["running as user 0"] = pod => pod.Containers[0].SecurityContext.RunAsUser = 0,
        ["seccomp"] = pod => pod.Containers[0].SecurityContext.SeccompProfile.Type = "Unconfined",
        ["AppArmor"] = pod => pod.Containers[0].SecurityContext.AppArmorProfile = new V1AppArmorProfile { Type = "Unconfined" },
        ["/proc mount"] = pod => pod.Containers[0].SecurityContext.ProcMount = "Unmasked",
        ["host process"] = pod => pod.SecurityContext.WindowsOptions = new V1WindowsSecurityContextOptions { HostProcess = true },
        ["SELinux"] = pod => pod.SecurityContext.SeLinuxOptions = new V1SELinuxOptions { User = "root" },
        ["host port"] = pod => pod.Containers[0].Ports[0].HostPort = 9464,
        ["host of a probe"] = pod => pod.Containers[0].LivenessProbe.HttpGet.Host = "169.254.169.254",
        ["host of a hook"] = pod => pod.Containers[0].Lifecycle = new V1Lifecycle { PreStop = new V1LifecycleHandler { HttpGet = new V1HTTPGetAction { Host = "x", Port = 1 } } },
    };

    public static TheoryData<string, string> Everything => ChartTests.Everything;

    public static TheoryData<string> Rules => [.. Breaches.Keys];

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Every_pod_fits_the_restricted_profile(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);

        Assert.All(rendered.Pods, pod => Assert.Empty(RestrictedProfile.Mistakes(KubernetesModels.Read<V1PodSpec>(pod.Spec))));
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task The_file_system_is_read_only_and_the_user_is_that_of_the_image(string engine, string set)
    {
        var rendered = await chart.RenderSetAsync(engine, set);
        var ours = rendered.Pods.SelectMany(pod => RenderedChart.Containers(pod.Spec)).Where(one => (string)one["name"]! != "shop");

        Assert.All(ours, one =>
        {
            var security = one["securityContext"]!;
            Assert.True((bool)security["readOnlyRootFilesystem"]!);
            Assert.Equal(set == "openshift" ? null : 1654, (int?)security["runAsUser"]);
            Assert.Equal(set == "openshift" ? null : 1654, (int?)security["runAsGroup"]);
        });
        if (!ChartPaths.IsSidecar(set) && set != "openshift") Assert.Equal(1654, (int)rendered.ServerPod.Spec["securityContext"]!["fsGroup"]!);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_check_sees_each_breach(string rule)
    {
        var pod = KubernetesModels.Read<V1PodSpec>((await chart.RenderSetAsync(ChartEngine.Own, "exposed")).ServerPod.Spec);
        Assert.Empty(RestrictedProfile.Mistakes(pod));

        Breaches[rule](pod);

        Assert.Contains(RestrictedProfile.Mistakes(pod), mistake => mistake.Contains(rule, StringComparison.Ordinal));
    }
}
