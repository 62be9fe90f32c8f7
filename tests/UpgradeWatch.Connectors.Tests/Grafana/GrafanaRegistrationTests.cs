using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Grafana;

public sealed class GrafanaRegistrationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_registered_sink_writes_with_the_configured_token()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        await using var services = Services(new() { Url = server.Url, TokenFile = _folder.Write("token", GrafanaTestServer.EditorToken + "\n") });

        Assert.Equal(DeliveryOutcome.Delivered, (await services.GetRequiredService<IOutboxSink>().DeliverAsync(Entries.New(), default)).Outcome);
        Assert.Null((await services.GetRequiredService<GrafanaCheck>().RunAsync(default)).Problem);
    }

    [Fact]
    public async Task The_registered_sink_writes_with_name_and_password()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        await using var services = Services(new() { Url = server.Url, Username = "admin", PasswordFile = _folder.Write("password", "admin") });

        await services.GetRequiredService<IOutboxSink>().DeliverAsync(Entries.New(), default);

        Assert.Equal("admin", Assert.Single(server.Annotations).Login);
    }

    [Fact]
    public async Task A_creation_that_seemed_to_fail_is_not_sent_again_before_it_is_looked_up()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        await using var services = Services(new() { Url = server.Url, TokenFile = _folder.Write("token", GrafanaTestServer.EditorToken) });
        server.Faults.Next(new GrafanaFault.CutAfterDoing(), "POST");

        var result = await services.GetRequiredService<IOutboxSink>().DeliverAsync(Entries.New(), default);

        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Single(server.Annotations);
        Assert.Single(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    private static ServiceProvider Services(EndpointOptions options) =>
        new ServiceCollection().AddGrafanaSink(options).BuildServiceProvider();
}
