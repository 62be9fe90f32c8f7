using System.Net;

namespace UpgradeWatch.Connectors.Tests.Http.Infrastructure;

/// <summary>Stands where the connections of an endpoint would be.</summary>
internal sealed class StubServer(Func<int, HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private int _requests;

    /// <summary>Tries that came.</summary>
    public int Requests => _requests;

    /// <summary>Answers the n-th request, counted from 1, with a status.</summary>
    public static StubServer Statuses(Func<int, HttpStatusCode> status) =>
        new((n, _, _) => Task.FromResult(new HttpResponseMessage(status(n))));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        answer(Interlocked.Increment(ref _requests), request, cancellationToken);
}
