using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Alertmanager;

/// <summary>Registers the members of a cluster of Alertmanagers.</summary>
public static class AlertmanagerRegistration
{
    /// <summary>Registers the HTTP client of each member, by the name that <see cref="ClientName"/> gives it.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="members">Where the members are, with their credentials.</param>
    /// <param name="configure">What is added to each client.</param>
    public static IServiceCollection AddAlertmanagers(this IServiceCollection services, IReadOnlyList<EndpointOptions> members, Action<IHttpClientBuilder>? configure = null)
    {
        for (var i = 0; i < members.Count; i++)
        {
            var client = services.AddEndpointClient(ClientName(i), members[i]);
            configure?.Invoke(client);
        }

        return services;
    }

    /// <summary>Name of the client of a member.</summary>
    public static string ClientName(int index) => $"alertmanager-{index}";
}
