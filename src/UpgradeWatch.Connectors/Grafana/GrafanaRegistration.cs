using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>Registers Grafana.</summary>
public static class GrafanaRegistration
{
    /// <summary>Registers <see cref="GrafanaSink"/> and <see cref="GrafanaCheck"/> as singletons, the sink also as <see cref="IOutboxSink"/>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="options">Where Grafana is.</param>
    /// <param name="dashboardUid">The dashboard that annotations belong to; null for all of the organisation.</param>
    public static IServiceCollection AddGrafanaSink(this IServiceCollection services, EndpointOptions options, string? dashboardUid = null)
    {
        services.AddEndpointClient(GrafanaSink.SinkName, options);
        services.AddSingleton(provider => new GrafanaSink(Client(provider), dashboardUid));
        services.AddSingleton(provider => new GrafanaCheck(Client(provider), dashboardUid));
        services.AddSingleton<IOutboxSink>(provider => provider.GetRequiredService<GrafanaSink>());
        return services;
    }

    /// <summary>Registers <see cref="GrafanaIncidents"/> as an <see cref="IIncidentSource"/>; needs <see cref="AddGrafanaSink"/>, a clock and <see cref="SourceCounters"/>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="tags">Tags that mark incidents; at least one.</param>
    public static IServiceCollection AddGrafanaIncidents(this IServiceCollection services, IReadOnlyList<string> tags) =>
        services.AddSingleton<IIncidentSource>(provider => new GrafanaIncidents(
            Client(provider), tags, provider.GetRequiredService<SourceCounters>(), provider.GetRequiredService<TimeProvider>()));

    private static HttpClient Client(IServiceProvider provider) =>
        provider.GetRequiredService<IHttpClientFactory>().CreateClient(GrafanaSink.SinkName);
}
