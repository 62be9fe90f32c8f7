using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using UpgradeWatch.EndToEnd.KillTests;

namespace UpgradeWatch.EndToEnd.Stores;

/// <summary>Takes upgrades of the shop through their phases, by the API of a server.</summary>
internal sealed class Shop(Victim victim)
{
    /// <summary>Begins an upgrade; gives the status, and the id when it was taken.</summary>
    public async Task<(HttpStatusCode Status, string Id, string Detail)> BeginAsync(string version, bool supersede = false)
    {
        using var answer = await victim.Client.PostAsJsonAsync(new Uri("/api/v1/upgrades", UriKind.Relative), new { target = "shop", toVersion = version, supersede });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? (answer.StatusCode, body.GetProperty("id").GetString()!, "") : (answer.StatusCode, "", body.GetProperty("detail").GetString()!);
    }

    /// <summary>Moves an upgrade.</summary>
    public async Task MoveAsync(string id, string phase)
    {
        using var answer = await victim.Client.PostAsJsonAsync(new Uri($"/api/v1/upgrades/{id}/phase", UriKind.Relative), new { phase });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Asks for something.</summary>
    public Task<JsonElement> GetAsync(string path) => victim.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
}
