using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using UpgradeWatch.Http;

namespace UpgradeWatch.Tests.Security;

/// <summary>A body that breaks off, or is none, is sent without a token: whoever does it must not fill the log.</summary>
public sealed class BrokenBodyTests
{
    [Theory]
    [InlineData("/login")]
    [InlineData("/api/v1/hooks/flagger/event")]
    public async Task A_chunk_of_an_impossible_size_is_a_bad_request(string path)
    {
        await using var guarded = await GuardedServer.StartAsync();
        var api = guarded.Server.Api.BaseAddress!;
        using var client = new TcpClient(api.Host, api.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n"));

        // Ends only when the server closes: what follows such a chunk must not be taken for another request.
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("chunk", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_goes_away_in_the_middle_of_a_body_is_no_error_of_ours()
    {
        using var planted = new Planted();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(planted));
        foreach (Exception gone in (Exception[])[new ConnectionResetException("Connection reset by peer"), new ConnectionAbortedException()])
        {
            var life = new Lifetime();
            var context = new DefaultHttpContext();
            context.Features.Set<IHttpRequestLifetimeFeature>(life);

            await new TroubleMiddleware(_ => throw gone, logs.CreateLogger<TroubleMiddleware>()).InvokeAsync(context);

            Assert.True(life.IsAborted);
        }

        Assert.False(planted.Shows("log", ""));
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
