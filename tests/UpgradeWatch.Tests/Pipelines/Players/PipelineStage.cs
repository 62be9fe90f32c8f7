using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Security;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// The server that a tool talks to, on virtual time: it looks every 15 s while time passes, and can be away. The target
/// answers 150 requests in that time, none of them badly until a bad version has traffic.
/// </summary>
internal sealed class PipelineStage : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private readonly TempFolder _folder = new();
    private readonly UpgradeWatchOptions _options;
    private RunningServer? _server;
    private DateTimeOffset? _brokenSince;
    private DateTimeOffset? _brokenUntil;

    private PipelineStage(Func<UpgradeWatchOptions, UpgradeWatchOptions>? change)
    {
        Token = BearerToken.New();
        TokenFile = _folder.Write("token", Token);
        Grant(Token, "ci", Role.Operate);
        var options = RunningServer.Options(_folder.File("store.db")) with
        {
            Auth = new AuthOptions { TokenFile = _folder.File("tokens"), RefusalsPerMinute = 10_000, RequestsPerMinute = 100_000 },
        };
        _options = change?.Invoke(options) ?? options;
    }

    public FakeTimeProvider Time { get; } = new(RunningServer.Start);

    /// <summary>Where the tool reaches UpgradeWatch.</summary>
    public string Url { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>A token with the role operate.</summary>
    public string Token { get; }

    /// <summary>A file with that token.</summary>
    public string TokenFile { get; }

    /// <summary>A folder for what the tool keeps.</summary>
    public TempFolder Folder => _folder;

    /// <summary>Whether UpgradeWatch is away.</summary>
    public bool IsAway => _server is null;

    public static async Task<PipelineStage> StartAsync(Func<UpgradeWatchOptions, UpgradeWatchOptions>? change = null)
    {
        var stage = new PipelineStage(change);
        await stage.ComeBackAsync();
        return stage;
    }

    /// <summary>From now on a bad version has traffic.</summary>
    public void BreakVersion()
    {
        if (_brokenSince is null || _brokenUntil is not null) (_brokenSince, _brokenUntil) = (Time.GetUtcNow(), null);
    }

    /// <summary>The bad version has no traffic any more.</summary>
    public void MendVersion() => _brokenUntil ??= Time.GetUtcNow();

    /// <summary>The metrics cannot be asked for any more.</summary>
    public void LoseSource() => _server!.Source.Failure = new SourceFailure(SourceFailureKind.Unreachable, "connection refused");

    /// <summary>Lets time pass.</summary>
    public async Task PassAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            if (_server is null) Time.Advance(Step);
            else await _server.PassAsync(Step);
        }
    }

    /// <summary>Nothing answers there any more.</summary>
    public async Task GoAwayAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Starts on the same store, at the same address.</summary>
    public async Task ComeBackAsync()
    {
        _server = await RunningServer.StartAsync(_options, time: Time, urls: [Url]);
        _server.Source.Bad = at => at > _brokenSince && !(at > _brokenUntil) ? 15 : 0;
    }

    /// <summary>Sends as the tool does, with the token unless another is given; empty for none.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json, string? token = null, string type = "application/json")
    {
        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await SendAsync(HttpMethod.Post, path, content, token ?? Token);
    }

    /// <summary>Changes something as a person does.</summary>
    public async Task PatchAsync(string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var (status, body) = await SendAsync(HttpMethod.Patch, path, content, Token);
        Assert.True(status == 200, $"{path} answered {status}: {body}");
    }

    /// <summary>Reads a document.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path, null, Token);
        Assert.True(status == 200, $"{path} answered {status}: {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>All upgrades of a target, newest first.</summary>
    public async Task<JsonElement[]> UpgradesAsync(string target = "checkout") => [.. (await GetAsync($"/api/v1/upgrades?target={target}")).GetProperty("items").EnumerateArray()];

    /// <summary>The only upgrade there is.</summary>
    public async Task<JsonElement> UpgradeAsync() => Assert.Single(await UpgradesAsync());

    /// <summary>Its phases, in their order.</summary>
    public static string Phases(JsonElement upgrade) => string.Join(' ', upgrade.GetProperty("history").EnumerateArray().Select(entry => entry.GetProperty("phase").GetString()));

    /// <summary>Its verdict as status, code and whether it is final.</summary>
    public static string Verdict(JsonElement upgrade)
    {
        var verdict = upgrade.GetProperty("verdict");
        return $"{verdict.GetProperty("status").GetString()}{(verdict.GetProperty("final").GetBoolean() ? " final" : "")}";
    }

    /// <summary>Makes another token.</summary>
    public string Grant(string name, Role role, params string[] targets)
    {
        var token = BearerToken.New();
        Grant(token, name, role, targets);
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        await GoAwayAsync();
        _folder.Dispose();
    }

    private void Grant(string token, string name, Role role, params string[] targets)
    {
        File.AppendAllText(_folder.File("tokens"), new TokenEntry { Hash = BearerToken.Hash(token), Name = name, Role = role, Targets = targets } + "\n");
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, HttpContent? content, string token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, Url + path) { Content = content };
        if (token.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
