using System.Net.Http.Json;
using System.Text.Json;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.EndToEnd.Signals;

/// <summary>SIGTERM in the middle of everything.</summary>
public sealed class TerminatedTests
{
    [Fact]
    public async Task It_ends_although_Grafana_hangs_and_clients_wait_and_what_is_open_stays_open_and_is_there_once()
    {
        await using var victim = await Victim.CreateAsync();
        await victim.StartAsync();
        var id = (await SendAsync(victim, "/api/v1/upgrades", """{"target":"shop","toVersion":"2.0.0"}""")).GetProperty("id").GetString();
        var hang = new GrafanaFault.Hang();
        victim.Grafana.Faults.Next(hang, "PATCH");
        await SendAsync(victim, $"/api/v1/upgrades/{id}/phase", """{"phase":"upgrading"}""");
        await hang.Reached;
        var poll = victim.Client.GetAsync(new Uri($"/api/v1/upgrades/{id}/verdict?wait=60", UriKind.Relative));

        // Nobody releases Grafana: that it ends at all shows that it does not wait for it.
        var exitCode = await victim.Server.StopAsync();
        await Record.ExceptionAsync(async () => (await poll).Dispose());
        var meanwhile = Assert.Single(victim.Grafana.Annotations);
        hang.Release();
        await victim.StartAsync();
        await victim.DrainAsync();

        Assert.Equal(0, exitCode);
        Assert.True(meanwhile.Text.EndsWith(": pre-upgrade", StringComparison.Ordinal) && meanwhile.Time == meanwhile.TimeEnd, meanwhile.ToString());
        var region = Assert.Single(victim.Grafana.Annotations, a => a.Text.EndsWith(": upgrading", StringComparison.Ordinal));
        Assert.Equal(region.Time, region.TimeEnd);
        var audit = await Audit.OpenAsync(victim.Server.DatabaseFile, victim.Grafana.Annotations);
        Assert.Equal("", string.Join('\n', audit.Run([])));
    }

    private static async Task<JsonElement> SendAsync(Victim victim, string path, string body)
    {
        using var answer = await victim.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
