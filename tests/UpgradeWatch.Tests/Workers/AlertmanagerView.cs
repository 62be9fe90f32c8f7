using System.Net.Http.Json;
using System.Text.Json;
using UpgradeWatch.TestKit.Alertmanager;

namespace UpgradeWatch.Tests.Workers;

/// <summary>Looks into an Alertmanager, independent of the client under test.</summary>
internal sealed class AlertmanagerView(AlertmanagerServer server) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = server.Url };

    /// <summary>Alerts that fire, silenced ones too.</summary>
    public async Task<IReadOnlyList<JsonElement>> AlertsAsync() => await ListAsync("/api/v2/alerts");

    /// <summary>Silences that have not ended.</summary>
    public async Task<IReadOnlyList<JsonElement>> SilencesAsync() =>
        [.. (await ListAsync("/api/v2/silences")).Where(silence => silence.GetProperty("status").GetProperty("state").GetString() != "expired")];

    /// <summary>Sends an alert, as somebody else would.</summary>
    public async Task PostAsync(params (string Name, string Value)[] labels)
    {
        using var answer = await _client.PostAsJsonAsync("/api/v2/alerts", new[] { new { labels = labels.ToDictionary(label => label.Name, label => label.Value) } });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Ends a silence, as a person would.</summary>
    public async Task ExpireAsync(JsonElement silence)
    {
        using var answer = await _client.DeleteAsync(new Uri($"/api/v2/silence/{silence.GetProperty("id").GetString()}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string path) => [.. (await _client.GetFromJsonAsync<JsonElement>(path)).EnumerateArray()];
}

/// <summary>Short ways into what Alertmanager answers.</summary>
internal static class AlertJson
{
    public static string? Label(this JsonElement alert, string name) => alert.GetProperty("labels").TryGetProperty(name, out var value) ? value.GetString() : null;

    public static string? Annotation(this JsonElement alert, string name) => alert.GetProperty("annotations").TryGetProperty(name, out var value) ? value.GetString() : null;

    public static string State(this JsonElement alert) => alert.GetProperty("status").GetProperty("state").GetString()!;

    public static DateTimeOffset StartsAt(this JsonElement one) => one.GetProperty("startsAt").GetDateTimeOffset();

    public static DateTimeOffset EndsAt(this JsonElement one) => one.GetProperty("endsAt").GetDateTimeOffset();
}
