using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Tests.Hosting;

/// <summary>Nothing is changed outside by an instance that another one may have replaced.</summary>
public sealed class LeaseHandlerTests
{
    private static readonly Uri Somewhere = new("http://127.0.0.1:1/");

    private readonly FakeTimeProvider _time = new(RunningServer.Start);

    [Fact]
    public async Task Once_the_lease_was_not_confirmed_for_too_long_reads_leave_and_changes_do_not()
    {
        var store = new FullStore { Lease = new(LeaseRole.Active, "self", RunningServer.Start, 1) { SureFor = TimeSpan.FromSeconds(10), ConfirmedAt = _time.GetTimestamp() } };
        using var client = Client(store);
        using var before = await client.PostAsync(Somewhere, null);

        _time.Advance(TimeSpan.FromSeconds(10));

        using var read = await client.GetAsync(Somewhere);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(Somewhere, null));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PatchAsync(Somewhere, null));
    }

    [Fact]
    public async Task A_store_that_nobody_else_can_open_needs_no_confirmation()
    {
        using var client = Client(new FullStore());
        _time.Advance(TimeSpan.FromDays(1));

        using var change = await client.PostAsync(Somewhere, null);

        Assert.True(change.IsSuccessStatusCode);
    }

    private HttpClient Client(FullStore store) => new(new LeaseHandler(store, _time) { InnerHandler = new Answering() });

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage());
    }
}
