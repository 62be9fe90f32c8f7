using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Tests.Http.Infrastructure;

/// <summary>An endpoint's client as it is registered, on pretended time.</summary>
internal sealed class EndpointUnderTest : IDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="options">The endpoint.</param>
    /// <param name="server">Stands for its connections; null for real ones.</param>
    public EndpointUnderTest(EndpointOptions options, HttpMessageHandler? server = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time);
        var client = services.AddEndpointClient("test", options);
        if (server is not null)
        {
            client.ConfigurePrimaryHttpMessageHandler(() => server);
        }

        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
    }

    public PassingTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public HttpClient Client { get; }

    public static EndpointOptions Options(string url = "http://stub.test") => new() { Url = new Uri(url) };

    /// <summary>Lets time pass until a task has ended.</summary>
    public Task<T> PassTimeAsync<T>(Task<T> task) => Time.PassAsync(task);

    public void Dispose()
    {
        Client.Dispose();
        _services.Dispose();
    }
}
