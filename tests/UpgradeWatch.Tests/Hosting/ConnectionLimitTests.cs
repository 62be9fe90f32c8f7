using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Tests.Hosting;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task What_is_opened_beyond_the_most_is_closed_and_another_listener_goes_on()
    {
        var limit = new ConnectionLimit(2, ofOneAddress: 2);
        await using var app = await StartAsync(limit.Bound, _ => { });
        var addresses = AddressesOf(app);
        // Each keeps its connection open after the answer.
        using HttpClient first = new(), second = new(), third = new();
        Assert.Equal("ok", await first.GetStringAsync(addresses[0]));
        Assert.Equal("ok", await second.GetStringAsync(addresses[0]));

        await Assert.ThrowsAsync<HttpRequestException>(() => third.GetStringAsync(addresses[0]));

        Assert.Equal("ok", await third.GetStringAsync(addresses[1]));
        Assert.Equal("ok", await first.GetStringAsync(addresses[0]));
    }

    [Fact]
    public async Task One_address_cannot_take_what_others_need()
    {
        var limit = new ConnectionLimit(4, ofOneAddress: 2);
        await using var app = await StartAsync(limit.Bound);
        var address = new Uri(AddressesOf(app)[0]);
        using HttpClient first = new(), second = new(), third = new(), other = From(IPAddress.Parse("127.0.0.9"));
        Assert.Equal("ok", await first.GetStringAsync(address));
        Assert.Equal("ok", await second.GetStringAsync(address));

        await Assert.ThrowsAsync<HttpRequestException>(() => third.GetStringAsync(address));

        Assert.Equal("ok", await other.GetStringAsync(address));
    }

    /// <summary>The metrics are open to everybody, so what they hold must be bounded too.</summary>
    [Fact]
    public async Task Nobody_can_hold_any_number_of_connections_to_the_metrics()
    {
        await using var server = await RunningServer.StartAsync();
        var address = server.Metrics.BaseAddress!;
        List<Socket> held = [];
        try
        {
            var closed = 0;
            while (closed == 0 && held.Count < 60)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                if (!await AnswersAsync(socket, address)) closed++;
            }

            Assert.Equal(51, held.Count);
            using var other = From(IPAddress.Parse("127.0.0.9"));
            Assert.Equal("ok", await other.GetStringAsync(new Uri(address, "/livez")));
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    // Whether it is closed before the connection is seen here, or after.
    private static async Task<bool> AnswersAsync(Socket socket, Uri address)
    {
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            return await socket.ReceiveAsync(new byte[4096]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static HttpClient From(IPAddress source) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static async Task<WebApplication> StartAsync(params Action<ListenOptions>[] listeners)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            foreach (var listener in listeners) server.Listen(IPAddress.Loopback, 0, listener);
        });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("ok"));
        await app.StartAsync();
        return app;
    }

    private static List<string> AddressesOf(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
}
