using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Registers Prometheus.</summary>
public static class PrometheusRegistration
{
    /// <summary>Name of its HTTP client.</summary>
    public static string ClientName => PrometheusClient.SourceName;

    /// <summary>
    /// Registers <see cref="PrometheusSource"/> as a singleton, also as
    /// <see cref="IMetricSource"/>, and <see cref="LiveCheck"/>. They count in the registered <see cref="SourceCounters"/>.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="options">Where Prometheus is.</param>
    public static IServiceCollection AddPrometheusSource(this IServiceCollection services, EndpointOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SourceCounters>();
        services.AddEndpointClient(PrometheusClient.SourceName, options);
        services.AddSingleton(provider => new PrometheusSource(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(PrometheusClient.SourceName),
            provider.GetRequiredService<SourceCounters>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMetricSource>(provider => provider.GetRequiredService<PrometheusSource>());
        services.AddSingleton<IVersionSource>(provider => provider.GetRequiredService<PrometheusSource>());
        services.AddSingleton<LiveCheck>();
        return services;
    }
}
