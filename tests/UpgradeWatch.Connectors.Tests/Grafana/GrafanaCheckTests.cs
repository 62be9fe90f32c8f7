using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Connectors.Tests.Grafana;

public sealed class GrafanaCheckTests : IAsyncLifetime
{
    private GrafanaTestServer _server = null!;

    public async Task InitializeAsync() => _server = await GrafanaTestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_server_that_takes_the_credentials_has_no_problem()
    {
        _server.AddDashboard("upgradewatch-upgrade");

        Assert.Equal(new GrafanaState("7.5.5", null), await new GrafanaCheck(_server.Client()).RunAsync(default));
        Assert.Equal(new GrafanaState("7.5.5", null), await new GrafanaCheck(_server.Client("admin", "admin")).RunAsync(default));
    }

    [Theory]
    [InlineData("wrong", "invalid API key")]
    [InlineData(null, "Unauthorized")]
    public async Task Credentials_that_are_refused_are_named(string? token, string told)
    {
        var state = await new GrafanaCheck(_server.Client(token)).RunAsync(default);

        Assert.Equal("7.5.5", state.Version);
        Assert.Contains(told, state.Problem, StringComparison.Ordinal);
        Assert.Contains("token", state.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_at_the_address_is_seen()
    {
        _server.Faults.Next(new GrafanaFault.Answer(200, "<html>hello</html>", "text/html"));

        Assert.Contains("not Grafana", (await new GrafanaCheck(_server.Client()).RunAsync(default)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_a_problem_and_no_exception()
    {
        using var client = _server.Client();
        await _server.DisposeAsync();

        var state = await new GrafanaCheck(client).RunAsync(default);

        Assert.Null(state.Version);
        Assert.Contains("refused", state.Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_is_written()
    {
        await new GrafanaCheck(_server.Client()).RunAsync(default);

        Assert.All(_server.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
    }
}
