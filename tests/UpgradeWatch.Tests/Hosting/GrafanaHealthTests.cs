using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Hosting;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Hosting;

public sealed class GrafanaHealthTests
{
    [Fact]
    public async Task The_status_says_whether_grafana_takes_the_credentials_before_there_is_anything_to_annotate()
    {
        using var folder = new TempFolder();
        await using var grafana = await GrafanaTestServer.StartAsync();
        var token = folder.File("token");
        await File.WriteAllTextAsync(token, GrafanaTestServer.EditorToken);
        var options = RunningServer.Options(folder.File("store.db")) with { Grafana = new EndpointOptions { Url = grafana.Url, TokenFile = token } };
        await using var server = await RunningServer.StartAsync(options);
        var health = server.Services.GetRequiredService<GrafanaHealth>();

        var before = await GrafanaOfAsync(server);
        await health.LookAsync(default);
        var bare = await GrafanaOfAsync(server);
        grafana.AddDashboard("upgradewatch-upgrade");
        await health.LookAsync(default);
        var well = await GrafanaOfAsync(server);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await File.WriteAllTextAsync(token, "glsa_of_somebody_who_left");
        await health.LookAsync(default);
        var away = await GrafanaOfAsync(server);

        Assert.Equal("unknown", before.State);
        Assert.Equal("ok", bare.State);
        Assert.Contains("does not have the shipped dashboards", bare.Error, StringComparison.Ordinal);
        Assert.Equal(("ok", (string?)null), (well.State, well.Error));
        Assert.Equal("failing", away.State);
        Assert.Contains("Grafana", away.Error, StringComparison.Ordinal);
        Assert.NotEqual(well.Since, away.Since);
    }

    private static async Task<(string State, string? Error, string? Since)> GrafanaOfAsync(RunningServer server)
    {
        var grafana = (await server.GetAsync("/api/v1/status")).GetProperty("dependencies").GetProperty("grafana");
        return (grafana.GetProperty("state").GetString()!, grafana.GetProperty("lastError").GetString(), grafana.GetProperty("since").GetString());
    }
}
