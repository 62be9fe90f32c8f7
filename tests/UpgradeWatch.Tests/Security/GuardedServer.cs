using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Configuration;
using UpgradeWatch.Security;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

/// <summary>A server that asks for tokens, and the tokens.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private GuardedServer()
    {
        Admin = Grant("root", Role.Admin);
        Operate = Grant("ci", Role.Operate);
        Read = Grant("dashboard", Role.Read);
        Other = Grant("cart-team", Role.Admin, "cart");
        Own = Grant("checkout-team", Role.Operate, "checkout");
        File.AppendAllText(TokenFile, "# made by hand\n\n");
    }

    public string Admin { get; }

    public string Operate { get; }

    public string Read { get; }

    /// <summary>May do everything, to the target cart.</summary>
    public string Other { get; }

    /// <summary>May operate the target checkout.</summary>
    public string Own { get; }

    public string TokenFile => _folder.File("tokens");

    public string Folder => _folder.Path;

    public string StoreFile => _folder.File("store.db");

    public RunningServer Server { get; private set; } = null!;

    public static async Task<GuardedServer> StartAsync(Func<AuthOptions, AuthOptions>? change = null, Action<IServiceCollection>? configure = null, LogLevel logLevel = LogLevel.None,
        Func<UpgradeWatchOptions, UpgradeWatchOptions>? options = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var guarded = new GuardedServer();
        var auth = new AuthOptions { TokenFile = guarded.TokenFile, RefusalsPerMinute = 10_000 };
        var usual = RunningServer.Options(guarded.StoreFile) with { Auth = change?.Invoke(auth) ?? auth };
        guarded.Server = await RunningServer.StartAsync(options?.Invoke(usual) ?? usual, configure, logLevel: logLevel, environment: environment);
        return guarded;
    }

    /// <summary>Writes a token into the file.</summary>
    public string Grant(string name, Role role, params string[] targets)
    {
        var token = BearerToken.New();
        File.AppendAllText(TokenFile, new TokenEntry { Hash = BearerToken.Hash(token), Name = name, Role = role, Targets = targets } + "\n");
        return token;
    }

    /// <summary>Takes a token back, and lets the second pass after which that is seen.</summary>
    public void Revoke(string token)
    {
        var hash = Convert.ToHexStringLower(BearerToken.Hash(token));
        File.WriteAllLines(TokenFile, File.ReadAllLines(TokenFile).Where(line => !line.Contains(hash, StringComparison.Ordinal)));
        Server.Time.Advance(TimeSpan.FromSeconds(1));
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? token, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        // As curl sends large bodies: who sends all of it at once may find the connection closed before it reads the answer.
        request.Headers.ExpectContinue = body?.Length > 1024;
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Server.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<int> StatusAsync(string method, string path, string? token, string? body = null)
    {
        using var answer = await SendAsync(method, path, token, body);
        return (int)answer.StatusCode;
    }

    public async Task<string> BeginAsync(string target = "checkout")
    {
        using var answer = await SendAsync("POST", "/api/v1/upgrades", Admin, $$"""{"target":"{{target}}","toVersion":"1.5.0"}""");
        Assert.Equal(201, (int)answer.StatusCode);
        return (await RunningServer.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
