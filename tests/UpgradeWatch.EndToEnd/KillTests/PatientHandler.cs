using System.Net;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>
/// A client of several instances, as a load balancer and a pipeline would be: goes to the next one when one does not answer, or
/// stands by (503), until one has answered.
/// </summary>
internal sealed class PatientHandler(IReadOnlyList<Uri> servers) : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = AnswerWithin })
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private volatile int _next;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await TryAsync(request, body, cancellationToken) is { } answer) return answer;
            if (TimeProvider.System.GetElapsedTime(started) > TestProcess.Patience) throw new TimeoutException($"{request.Method} {request.RequestUri} got no answer from any instance.");
            _next = (_next + 1) % servers.Count;
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage?> TryAsync(HttpRequestMessage request, byte[]? body, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(AnswerWithin);
        using var copy = new HttpRequestMessage(request.Method, new Uri(servers[_next], request.RequestUri!.PathAndQuery));
        foreach (var (name, values) in request.Headers) copy.Headers.TryAddWithoutValidation(name, values);
        if (body is not null)
        {
            copy.Content = new ByteArrayContent(body);
            copy.Content.Headers.ContentType = request.Content!.Headers.ContentType;
        }

        try
        {
            var answer = await base.SendAsync(copy, end.Token);
            await answer.Content.LoadIntoBufferAsync(end.Token);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return answer;
            answer.Dispose();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The next one, or the same again.
        }

        return null;
    }
}
