using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>
/// What the kill test is worth: killed at the one moment at which an outbox beside the transaction would lose something,
/// the server as it is loses nothing, and with the outbox taken out of the transaction the same audit finds the loss.
/// </summary>
public sealed class OutboxTests
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "UpgradeWatch.TestHost");

    [Theory]
    [InlineData("pre-upgrade")]
    [InlineData("upgrading")]
    [InlineData("completed")]
    public async Task Killed_as_soon_as_a_change_is_on_disk_it_has_lost_nothing_that_was_to_be_said(string phase) =>
        Assert.Equal("", string.Join('\n', await KilledAsync(phase)));

    [Theory]
    [InlineData("pre-upgrade", "the region of pre-upgrade begins at")]
    [InlineData("upgrading", "the region of upgrading begins at")]
    [InlineData("completed", "the region of post-upgrade ends at")]
    public async Task With_the_outbox_beside_the_transaction_the_audit_finds_what_was_lost(string phase, string loss) =>
        Assert.Contains(await KilledAsync(phase, "--split"), problem => problem.Contains(loss, StringComparison.Ordinal));

    // Begins, moves and is judged to the end; on the way the server is killed when the phase is on disk.
    private static async Task<IReadOnlyList<string>> KilledAsync(string phase, params string[] how)
    {
        await using var victim = await Victim.CreateAsync(Host);
        victim.Server.MoreArguments = [.. how, "--hold-at", phase];
        await victim.StartAsync();
        var life = LiveAsync(victim);
        await victim.Server.WaitForLineAsync($"{phase} is on disk");

        victim.Server.MoreArguments = how;
        await victim.KillAsync(Stage.Advance);
        var id = await life ?? (await LiveAsync(victim))!;

        await WaitForEndAsync(victim, id);
        await victim.DrainAsync();
        return (await Audit.OpenAsync(victim.Server.DatabaseFile, victim.Grafana.Annotations)).Run([]);
    }

    // Null when the server died before the last answer; what it has done already is repeated without harm.
    private static async Task<string?> LiveAsync(Victim victim)
    {
        if (await PostAsync(victim, "/api/v1/upgrades", """{"target":"shop","toVersion":"2.0.0","observationWindowSeconds":2}""") is not { } id) return null;
        foreach (var phase in (string[])["upgrading", "post-upgrade"])
        {
            if (await PostAsync(victim, $"/api/v1/upgrades/{id}/phase", $$"""{"phase":"{{phase}}"}""") is null) return null;
        }

        return id;
    }

    private static async Task<string?> PostAsync(Victim victim, string path, string body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", "begin");
            using var answer = await victim.Client.SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Task WaitForEndAsync(Victim victim, string id) => Readiness.UntilAsync(
        async () => (await victim.Client.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/upgrades/{id}", UriKind.Relative))).GetProperty("phase").GetString() == "completed",
        () => null,
        () => $"The upgrade does not end.\n{victim.Server.Output}",
        CancellationToken.None);
}
