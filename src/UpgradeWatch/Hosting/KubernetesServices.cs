using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Kubernetes.Workloads;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Rollouts;
using UpgradeWatch.Engine.Sides;

namespace UpgradeWatch.Hosting;

/// <summary>What sees upgrades and the health of instances without being told.</summary>
internal static class KubernetesServices
{
    /// <summary>Registers all of it.</summary>
    public static void AddDetection(this IServiceCollection services, UpgradeWatchOptions options)
    {
        services.AddSingleton<RolloutFollower>();
        if (options.Kubernetes is { } kubernetes)
        {
            services.AddSingleton(provider => new ClusterWatcher(
                kubernetes,
                options.Targets,
                provider.GetRequiredService<RolloutFollower>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ClusterWatcher>>()));
            services.AddSingleton<IHealthSource>(provider => provider.GetRequiredService<ClusterWatcher>());
            services.AddSingleton<ISideSource>(provider => provider.GetRequiredService<ClusterWatcher>());
            services.AddSingleton<KubernetesHealth>();
        }
        else if (options.Prometheus is not null)
        {
            services.AddSingleton(provider => provider.GetRequiredService<PrometheusSource>().Pods);
        }

        if (HasVersionMetric(options)) services.AddSingleton<VersionWatcher>().AddSingleton<ISideSource, VersionSides>();
        services.AddSingleton<IReadOnlyList<ISideSource>>(provider => [.. provider.GetServices<ISideSource>()]);
        services.AddSingleton<IReadOnlyList<IHealthSource>>(provider => [.. provider.GetServices<IHealthSource>()]);
    }

    /// <summary>Registers the loops that look.</summary>
    public static void AddDetectionLoops(this IServiceCollection services, UpgradeWatchOptions options)
    {
        if (options.Kubernetes is not null) services.AddOwnLoop("watching Kubernetes", provider => provider.GetRequiredService<ClusterWatcher>().RunAsync);
        if (HasVersionMetric(options)) services.AddOwnLoop("looking at versions", provider => provider.GetRequiredService<VersionWatcher>().RunAsync);
    }

    private static bool HasVersionMetric(UpgradeWatchOptions options) => options.Targets.Any(target => target.VersionMetric is not null);
}
