using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Tests.Http;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>A Grafana that does everything wrong on a real connection: what was to be said is kept and tried again.</summary>
public sealed class GrafanaWireTests : IAsyncDisposable
{
    private readonly PassingTime _time = new(Entries.Noon);
    private readonly RawServer _server = new();
    private readonly TempFolder _folder = new();
    private ServiceProvider? _services;

    public static TheoryData<string> Faults => [.. WireFaults.All.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_it_does_the_entry_is_kept_and_delivered_later(string name)
    {
        var sink = Sink(new EndpointOptions { Url = _server.Url });
        _server.Behaviour = WireFaults.All[name].Behaviour;
        var entry = Entries.New();

        var kept = await DeliverAsync(sink, entry);
        _server.Behaviour = AnswerWell;
        _time.Advance(TimeSpan.FromMinutes(2));
        var delivered = await DeliverAsync(sink, entry);

        Assert.Equal(DeliveryOutcome.Retry, kept.Outcome);
        Assert.False(string.IsNullOrWhiteSpace(kept.Error));
        Assert.Equal((DeliveryOutcome.Delivered, "7"), (delivered.Outcome, delivered.RemoteId));
    }

    [Fact]
    public async Task A_redirect_takes_neither_the_text_nor_the_token_to_another_host()
    {
        await using var other = new RawServer { Behaviour = AnswerWell };
        _server.Behaviour = RawServer.Answer(308, "", $"Location: {other.Url}api/annotations");
        var sink = Sink(new EndpointOptions { Url = _server.Url, TokenFile = _folder.Write("token", "secret-token") });

        var result = await DeliverAsync(sink, Entries.New());

        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Empty(other.Requests);
        Assert.DoesNotContain("secret-token", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_new_token_counts_at_once()
    {
        var sink = Sink(new EndpointOptions { Url = _server.Url, TokenFile = _folder.Write("token", "old") });
        _server.Behaviour = (socket, end) => _server.Requests.Last().Contains("Bearer new", StringComparison.Ordinal) ? AnswerWell(socket, end) : RawServer.Answer(401, "")(socket, end);

        var refused = await DeliverAsync(sink, Entries.New());
        _folder.Write("token", "new");
        var delivered = await DeliverAsync(sink, Entries.New());

        Assert.Equal((DeliveryOutcome.Retry, DeliveryOutcome.Delivered), (refused.Outcome, delivered.Outcome));
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    // Nothing is found, and what is made has the number 7.
    private Task AnswerWell(System.Net.Sockets.Socket socket, CancellationToken end) =>
        RawServer.Answer(200, _server.Requests.Last().StartsWith("POST", StringComparison.Ordinal) ? """{"id":7,"message":"Annotation added"}""" : "[]")(socket, end);

    private GrafanaSink Sink(EndpointOptions options)
    {
        _server.OnHoldOut = _time.HoldOut;
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddGrafanaSink(options).BuildServiceProvider();
        return _services.GetRequiredService<GrafanaSink>();
    }

    private Task<DeliveryResult> DeliverAsync(GrafanaSink sink, OutboxEntry entry) => _time.PassAsync(sink.DeliverAsync(entry, default));
}
