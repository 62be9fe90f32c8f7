using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Tests.Http;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

/// <summary>A Prometheus that does everything wrong on a real connection: each is told for what it is, and the next good answer is taken.</summary>
public sealed class WireTests : IAsyncDisposable
{
    private readonly PassingTime _time = new(DateTimeOffset.FromUnixTimeSeconds((CannedPrometheus.FirstStep + 10) * 15));
    private readonly RawServer _server = new();
    private readonly TempFolder _folder = new();
    private ServiceProvider? _services;

    public static TheoryData<string> Faults => [.. WireFaults.All.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_it_does_is_a_failure_in_a_sentence_and_then_it_is_read_again(string name)
    {
        var fault = WireFaults.All[name];
        var source = Source(new EndpointOptions { Url = _server.Url });
        _server.Behaviour = fault.Behaviour;

        var failure = await FailAsync(source);
        _server.Behaviour = Good;
        // As long as it asked for, or as a broken one is left alone.
        _time.Advance(TimeSpan.FromMinutes(2));
        var again = await ReadAsync(source);

        Assert.Equal(fault.Kind, failure.Kind);
        Assert.StartsWith($"Prometheus at {_server.Url.ToString().TrimEnd('/')} ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(fault.Says, failure.Message, StringComparison.Ordinal);
        Assert.Contains(again.Value!.Signals["queue"].Values!, value => !double.IsNaN(value));
    }

    [Fact]
    public async Task Nobody_listening_is_said()
    {
        var source = Source(new EndpointOptions { Url = new Uri($"http://127.0.0.1:{FreePort.Next()}") });

        Assert.Contains("the connection is refused", (await FailAsync(source)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_asks_to_be_left_alone_is_left_alone_for_as_long()
    {
        var source = Source(new EndpointOptions { Url = _server.Url });
        _server.Behaviour = RawServer.Answer(429, "", "Retry-After: 120");
        await FailAsync(source);
        var asked = _server.Requests.Count;
        _server.Behaviour = Good;

        _time.Advance(TimeSpan.FromSeconds(110));
        var early = await FailAsync(source);
        var askedEarly = _server.Requests.Count;
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal((SourceFailureKind.Throttled, asked), (early.Kind, askedEarly));
        Assert.Contains("has asked to be left alone until", early.Message, StringComparison.Ordinal);
        Assert.Null((await ReadAsync(source)).Failure);
    }

    [Fact]
    public async Task One_that_asks_to_be_left_alone_for_a_day_is_asked_after_five_minutes()
    {
        var source = Source(new EndpointOptions { Url = _server.Url });
        _server.Behaviour = RawServer.Answer(503, "", "Retry-After: 86400");
        await FailAsync(source);
        _server.Behaviour = Good;

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Null((await ReadAsync(source)).Failure);
    }

    [Fact]
    public async Task A_redirect_takes_neither_the_question_nor_the_token_to_another_host()
    {
        await using var other = new RawServer { Behaviour = Good };
        _server.Behaviour = RawServer.Answer(307, "", $"Location: {other.Url}api/v1/query_range");
        var source = Source(new EndpointOptions { Url = _server.Url, TokenFile = _folder.Write("token", "secret-token") });

        var failure = await FailAsync(source);

        Assert.Equal(SourceFailureKind.Broken, failure.Kind);
        Assert.Contains($"redirects (HTTP 307) to {other.Url.ToString().TrimEnd('/')}; redirects are not followed", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", failure.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Contains("Bearer secret-token", _server.Requests.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_any_more_is_said_and_the_new_one_counts_at_once()
    {
        var options = new EndpointOptions { Url = _server.Url, TokenFile = _folder.Write("token", "old") };
        var source = Source(options);
        _server.Behaviour = (socket, end) => _server.Requests.Last().Contains("Bearer new", StringComparison.Ordinal) ? Good(socket, end) : RawServer.Answer(401, "")(socket, end);

        var failure = await FailAsync(source);
        _folder.Write("token", "new");
        var again = await ReadAsync(source);

        Assert.Equal(SourceFailureKind.Unauthorized, failure.Kind);
        Assert.Contains("does not accept the credentials", failure.Message, StringComparison.Ordinal);
        Assert.Null(again.Failure);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static Task Good(System.Net.Sockets.Socket socket, CancellationToken end) =>
        RawServer.Answer(200, CannedPrometheus.Bundle("range-values-before-metric.json"))(socket, end);

    private PrometheusSource Source(EndpointOptions options)
    {
        _server.OnHoldOut = _time.HoldOut;
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddPrometheusSource(options).BuildServiceProvider();
        return _services.GetRequiredService<PrometheusSource>();
    }

    private async Task<SourceFailure> FailAsync(PrometheusSource source)
    {
        var reply = await ReadAsync(source);
        return (reply.Failure ?? reply.Value!.Signals["queue"].Failure)!;
    }

    private Task<SourceReply<StepBlock>> ReadAsync(PrometheusSource source) =>
        _time.PassAsync(source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + 3, default));
}
