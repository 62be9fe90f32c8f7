using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.Tests.Security;

/// <summary>Secrets that were planted, and everything that came out by any way.</summary>
internal sealed class Planted : ILoggerProvider, ILogger
{
    private readonly ConcurrentBag<(string Where, string Text)> _seen = [];
    private readonly Dictionary<string, string> _secrets = [];

    public string Secret(string name) => Keep(name, $"{name}-{UpgradeWatch.Security.BearerToken.New()}");

    public string Keep(string name, string secret) => _secrets[name] = secret;

    public void See(string where, string text) => _seen.Add((where, text));

    /// <summary>Whether a text came out somewhere.</summary>
    public bool Shows(string where, string text) => _seen.Any(one => one.Where.StartsWith(where, StringComparison.Ordinal) && one.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>Which secrets came out, and where.</summary>
    public IEnumerable<string> Leaks() =>
        from secret in _secrets
        from form in (string[])[secret.Value, Uri.EscapeDataString(secret.Value), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Value)), Convert.ToHexString(Encoding.UTF8.GetBytes(secret.Value))]
        from one in _seen
        where one.Text.Contains(form, StringComparison.OrdinalIgnoreCase)
        select $"{secret.Key} in {one.Where}: {one.Text[..Math.Min(one.Text.Length, 200)]}";

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        See("log scope", state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        See("log", formatter(state, exception));
        if (exception is not null) See("log exception", exception.ToString());
        foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? []) See($"log field {name}", value?.ToString() ?? "");
    }

    public void Dispose()
    {
    }

    /// <summary>A server that takes everything down; what it answers repeats what it was sent.</summary>
    public static async Task<WebApplication> EchoAsync(int status, Action<string, string> seen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = string.Join("; ", context.Request.Headers.Select(header => $"{header.Key} was {header.Value}"));
            seen($"{context.Request.Path}{context.Request.QueryString}\n{headers}", Encoding.Latin1.GetString(body.ToArray()));
            context.Response.StatusCode = status;
            if (status == 200) return;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"status":"error","errorType":"bad_data","error":"{{headers.Replace("\"", "'", StringComparison.Ordinal)}}","message":"{{headers.Replace("\"", "'", StringComparison.Ordinal)}}"}""");
        });
        await app.StartAsync();
        return app;
    }

    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
