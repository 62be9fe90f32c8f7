using System.Net;
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
        var limit = new ConnectionLimit(2);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0, limit.Bound);
            server.Listen(IPAddress.Loopback, 0);
        });
        await using var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("ok"));
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        // Each keeps its connection open after the answer.
        using HttpClient first = new(), second = new(), third = new();
        Assert.Equal("ok", await first.GetStringAsync(addresses[0]));
        Assert.Equal("ok", await second.GetStringAsync(addresses[0]));

        await Assert.ThrowsAsync<HttpRequestException>(() => third.GetStringAsync(addresses[0]));

        Assert.Equal("ok", await third.GetStringAsync(addresses[1]));
        Assert.Equal("ok", await first.GetStringAsync(addresses[0]));
    }
}
