using System.Net.Http.Json;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Connectors.Tests.Grafana;

public sealed class GrafanaIncidentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset From = Noon.AddDays(-7);

    private readonly SourceCounters _counters = new();

    [Theory]
    [InlineData(GrafanaVersion.V7)]
    [InlineData(GrafanaVersion.V9)]
    [InlineData(GrafanaVersion.V11)]
    public async Task Annotations_with_one_of_the_tags_within_the_window_are_incidents(GrafanaVersion version)
    {
        await using var server = await GrafanaTestServer.StartAsync(version);
        await AddAsync(server, Noon.AddHours(-5), Noon.AddHours(-4), "disk full", "incident");
        await AddAsync(server, Noon.AddHours(-30), Noon.AddHours(-29), "network", "kind:outage", "zone:a");
        await AddAsync(server, From.AddHours(-2), From.AddHours(1), "began before", "incident:42");
        await AddAsync(server, Noon.AddHours(-3), Noon.AddHours(-2), "a deployment", "deployment");
        await AddAsync(server, Noon.AddHours(-3), Noon.AddHours(-2), "another word", "incidental");
        await AddAsync(server, From.AddHours(-3), From.AddHours(-2), "too old", "incident");
        await AddAsync(server, Noon.AddHours(1), Noon.AddHours(2), "later", "incident");

        var found = await FindAsync(server, "incident", "kind:outage");

        Assert.Equal(["began before", "network", "disk full"], found.Value!.Incidents.Select(one => one.Text));
        Assert.Equal((Noon.AddHours(-5), Noon.AddHours(-4)), (found.Value.Incidents[2].From, found.Value.Incidents[2].Until));
        Assert.Null(_counters.Health[GrafanaIncidents.SourceName].Failure);
    }

    [Fact]
    public async Task A_point_counts_for_half_an_hour()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        await AddAsync(server, Noon.AddHours(-5), null, "went down", "incident");
        await AddAsync(server, From.AddMinutes(-10), null, "just before", "incident");

        var found = await FindAsync(server, "incident");

        Assert.Equal([From.AddMinutes(20), Noon.AddHours(-4.5)], found.Value!.Incidents.Select(one => one.Until));
    }

    [Fact]
    public async Task One_that_names_targets_concerns_those_alone()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        await AddAsync(server, Noon.AddHours(-5), Noon.AddHours(-4), "all", "incident", "severity:2");
        await AddAsync(server, Noon.AddHours(-4), Noon.AddHours(-3), "ours", "incident", "service:checkout");
        await AddAsync(server, Noon.AddHours(-3), Noon.AddHours(-2), "theirs", "incident", "target:cart");

        var found = await FindAsync(server, "incident");

        Assert.Equal(["all", "ours"], found.Value!.Incidents.Select(one => one.Text));
    }

    [Fact]
    public async Task More_than_one_page_is_read_without_leaving_any_out()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        for (var i = 0; i < 1203; i++) await AddAsync(server, Noon.AddMinutes(-2 * i - 60), Noon.AddMinutes(-2 * i - 30), $"{i}", "incident");

        var found = await FindAsync(server, "incident");

        Assert.Equal(1203, found.Value!.Incidents.Select(one => one.Text).Distinct().Count());
    }

    [Fact]
    public async Task Trouble_is_an_answer_with_its_cause()
    {
        await using var server = await GrafanaTestServer.StartAsync();
        server.Faults.Next(new GrafanaFault.Answer(503, "<html>down</html>", "text/html"));
        var down = await FindAsync(server, "incident");
        server.Faults.Next(new GrafanaFault.Answer(200, "<html>log in</html>", "text/html"));
        var login = await FindAsync(server, "incident");
        using var anonymous = server.Client(token: null);
        var refused = await new GrafanaIncidents(anonymous, ["incident"], _counters, TimeProvider.System).FindAsync("checkout", From, Noon, default);

        Assert.Contains("503", down.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("not a list of annotations", login.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("check the token", refused.Failure!.Message, StringComparison.Ordinal);
        Assert.NotNull(_counters.Health[GrafanaIncidents.SourceName].Failure);
    }

    private async Task<SourceReply<IncidentList>> FindAsync(GrafanaTestServer server, params string[] tags)
    {
        using var client = server.Client(GrafanaTestServer.ViewerToken);
        return await new GrafanaIncidents(client, tags, _counters, TimeProvider.System).FindAsync("checkout", From, Noon, default);
    }

    private static async Task AddAsync(GrafanaTestServer server, DateTimeOffset from, DateTimeOffset? until, string text, params string[] tags)
    {
        using var client = server.Client();
        var annotation = new Dictionary<string, object> { ["time"] = from.ToUnixTimeMilliseconds(), ["text"] = text, ["tags"] = tags };
        if (until is { } end) annotation["timeEnd"] = end.ToUnixTimeMilliseconds();
        using var response = await client.PostAsJsonAsync("api/annotations", annotation);
        response.EnsureSuccessStatusCode();
    }
}
