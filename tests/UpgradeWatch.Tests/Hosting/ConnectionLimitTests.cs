using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Tests.Hosting;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task What_is_opened_beyond_the_most_is_closed_and_another_listener_goes_on()
    {
        await using var app = await StartAsync(new ConnectionLimit(most: 2, mostOfOneAddress: 2));
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
    public async Task One_address_that_has_opened_the_most_keeps_no_other_out_and_may_open_again_what_it_has_closed()
    {
        await using var app = await StartAsync(new ConnectionLimit(most: 3, mostOfOneAddress: 2));
        var address = new Uri(AddressesOf(app)[0]);
        using var client = new HttpClient();
        using (HttpClient first = new(), second = new())
        {
            // Each keeps its connection open after the answer.
            Assert.Equal("ok", await first.GetStringAsync(address));
            Assert.Equal("ok", await second.GetStringAsync(address));

            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(address));
            Assert.Equal("ok", await GetFromAsync(address, "127.0.0.2"));
        }

        while (true)
        {
            try
            {
                Assert.Equal("ok", await client.GetStringAsync(address));
                return;
            }
            catch (HttpRequestException)
            {
                // The server has not seen the end of the others yet.
            }
        }
    }

    private static async Task<string> GetFromAsync(Uri address, string from)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, _) => new NetworkStream(await ConnectAsync(address, from), ownsSocket: true) };
        using var client = new HttpClient(handler);
        return await client.GetStringAsync(address);
    }

    private static async Task<Socket> ConnectAsync(Uri address, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return socket;
    }

    private static async Task<WebApplication> StartAsync(ConnectionLimit limit)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0, limit.Bound);
            server.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("ok"));
        await app.StartAsync();
        return app;
    }

    private static IReadOnlyList<string> AddressesOf(WebApplication app) => [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
}
