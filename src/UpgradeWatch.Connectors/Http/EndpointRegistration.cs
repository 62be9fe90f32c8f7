using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace UpgradeWatch.Connectors.Http;

/// <summary>Registers clients of outside systems.</summary>
public static class EndpointRegistration
{
    /// <summary>
    /// Registers the named HTTP client of an endpoint; <c>IHttpClientFactory.CreateClient(name)</c> gives it, with the
    /// endpoint's address as its base address. It repeats GET and HEAD (and what is marked as repeatable) with growing,
    /// scattered delays, gives up in time, leaves a broken endpoint alone for a while, asks it at most four things at a
    /// time, and hands on bodies of at most 64 MiB that are read completely. Time is the registered
    /// <see cref="TimeProvider"/>, else the system's.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="name">Name of the client, for instance <c>prometheus</c>.</param>
    /// <param name="options">The endpoint.</param>
    public static IHttpClientBuilder AddEndpointClient(this IServiceCollection services, string name, EndpointOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        var client = services.AddHttpClient(name, http =>
        {
            http.BaseAddress = WithSlash(options.Url);
            // The pipeline keeps the time; this clock could not be a pretended one.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });

        // The usual loggers can show headers, and so secrets. Failures are told by whoever asked.
        client.RemoveAllLoggers();
        client.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        client.AddHttpMessageHandler(provider => new LeaveAloneHandler(provider.GetRequiredService<TimeProvider>()));
        client.AddResilienceHandler("endpoint", (pipeline, context) =>
            EndpointResilience.Configure(pipeline, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler(() => new EchoHandler(options));
        client.AddHttpMessageHandler(() => new BoundedBodyHandler(BoundedBodyHandler.DefaultLimit));
        client.AddHttpMessageHandler(() => new CredentialHandler(options));
        client.ConfigurePrimaryHttpMessageHandler(() => EndpointTransport.Create(options));
        return client;
    }

    private static Uri WithSlash(Uri url) => url.AbsolutePath.EndsWith('/')
        ? url
        : new UriBuilder(url) { Path = url.AbsolutePath + "/" }.Uri;
}
