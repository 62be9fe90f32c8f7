using System.Net;
using Polly.CircuitBreaker;
using Polly.Timeout;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;

namespace UpgradeWatch.Connectors.Tests.Http;

public sealed class EndpointPatienceTests
{
    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Passing_trouble_is_sat_out_with_pauses(HttpStatusCode trouble)
    {
        var server = StubServer.Statuses(n => n < 3 ? trouble : HttpStatusCode.OK);
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);
        var begin = endpoint.Time.GetUtcNow();

        var response = await endpoint.PassTimeAsync(endpoint.Client.SendAsync(Question()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Requests);
        Assert.True(endpoint.Time.GetUtcNow() > begin);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.UnprocessableEntity)]
    public async Task What_would_fail_again_is_not_repeated(HttpStatusCode status)
    {
        var server = StubServer.Statuses(_ => status);
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);

        await endpoint.PassTimeAsync(endpoint.Client.SendAsync(Question()));

        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_request_that_changes_something_is_not_repeated()
    {
        var server = StubServer.Statuses(_ => HttpStatusCode.ServiceUnavailable);
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);

        await endpoint.PassTimeAsync(endpoint.Client.PostAsync("", content: null));

        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_in_time()
    {
        var holdOut = () => { };
        var server = new StubServer((_, _, end) => NeverAsync(holdOut, end));
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);
        holdOut = endpoint.Time.HoldOut;
        var begin = endpoint.Time.GetUtcNow();

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => endpoint.PassTimeAsync(endpoint.Client.SendAsync(Question())));

        Assert.True(endpoint.Time.GetUtcNow() - begin >= EndpointResilience.AttemptTimeout);
        Assert.InRange(server.Requests, 1, EndpointResilience.Retries + 1);
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_given_up_too()
    {
        var holdOut = () => { };
        var server = new StubServer((_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new EndlessContent(() => holdOut()) }));
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);
        holdOut = endpoint.Time.HoldOut;

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => endpoint.PassTimeAsync(endpoint.Client.SendAsync(Question())));
    }

    [Fact]
    public async Task A_broken_server_is_left_alone_for_a_while_and_then_asked_again()
    {
        var healthy = false;
        var server = StubServer.Statuses(_ => healthy ? HttpStatusCode.OK : HttpStatusCode.BadGateway);
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);
        for (var i = 0; i < EndpointResilience.BreakerThroughput; i++)
        {
            await endpoint.Client.PostAsync("", content: null);
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => endpoint.Client.PostAsync("", content: null));
        Assert.Equal(EndpointResilience.BreakerThroughput, server.Requests);

        healthy = true;
        endpoint.Time.Advance(EndpointResilience.BreakDuration);
        var response = await endpoint.Client.PostAsync("", content: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task At_most_four_requests_are_under_way()
    {
        var full = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var (now, most) = (0, 0);
        var server = new StubServer(async (_, _, _) =>
        {
            var underWay = Interlocked.Increment(ref now);
            most = Math.Max(most, underWay);
            if (underWay == EndpointResilience.Concurrency)
            {
                full.TrySetResult();
            }

            await goOn.Task;
            Interlocked.Decrement(ref now);
            return new HttpResponseMessage();
        });
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options(), server);

        var all = Enumerable.Range(0, 20).Select(_ => endpoint.Client.GetAsync("")).ToArray();
        await full.Task;
        Assert.Equal(EndpointResilience.Concurrency, server.Requests);
        goOn.SetResult();
        await Task.WhenAll(all);

        Assert.Equal((20, EndpointResilience.Concurrency), (server.Requests, most));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = await PlainServer.StartAsync();
        using var endpoint = new EndpointUnderTest(new EndpointOptions { Url = server.Url });

        var response = await endpoint.Client.GetAsync("redirect");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(["/redirect"], server.Paths);
    }

    [Fact]
    public async Task A_packed_body_is_unpacked_and_one_that_is_too_large_is_dropped()
    {
        await using var server = await PlainServer.StartAsync();
        using var endpoint = new EndpointUnderTest(new EndpointOptions { Url = server.Url });
        using var small = new HttpClient(new BoundedBodyHandler(1000) { InnerHandler = EndpointTransport.Create(new EndpointOptions { Url = server.Url }) })
        {
            BaseAddress = server.Url,
        };

        Assert.Equal(PlainServer.PackedLength, (await endpoint.Client.GetStringAsync("packed")).Length);
        // The native executable could not unpack Brotli.
        Assert.Equal("gzip, deflate", server.Offered);
        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => small.GetStringAsync("packed"));
        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, thrown.HttpRequestError);
    }

    private static HttpRequestMessage Question() => new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent("query=up") }.AsRepeatable();

    private static async Task<HttpResponseMessage> NeverAsync(Action holdOut, CancellationToken cancellationToken)
    {
        holdOut();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return new HttpResponseMessage();
    }

    private sealed class EndlessContent(Action holdOut) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            holdOut();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
