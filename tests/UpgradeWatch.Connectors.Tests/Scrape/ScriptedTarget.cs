using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace UpgradeWatch.Connectors.Tests.Scrape;

/// <summary>A target that answers what the test says.</summary>
internal sealed class ScriptedTarget : HttpMessageHandler
{
    public static readonly Uri Url = new("http://shop.test:8080/metrics");

    private Func<HttpResponseMessage> _answer = () => throw Refusal();

    /// <summary>The headers of the last request.</summary>
    public HttpRequestHeaders? Asked { get; private set; }

    /// <summary>Runs when it is asked.</summary>
    public Action OnRequest { get; set; } = () => { };

    public void Expose(string body, string type = "text/plain; version=0.0.4") => Answer(() => Content(new ByteArrayContent(Encoding.UTF8.GetBytes(body)), type));

    public void ExposeGzip(string body, int cut = 0) => Answer(() =>
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(body));

        var content = new ByteArrayContent(packed.ToArray()[..^cut]);
        content.Headers.ContentEncoding.Add("gzip");
        return Content(content, "text/plain; version=0.0.4");
    });

    public void Fail(HttpStatusCode status) => Answer(() => new HttpResponseMessage(status));

    public void Die() => Answer(() => throw Refusal());

    public void BreakOff(string beginning) => Answer(() => Content(new StreamContent(new BrokenStream(Encoding.UTF8.GetBytes(beginning))), "text/plain; version=0.0.4"));

    public void Answer(Func<HttpResponseMessage> answer) => _answer = answer;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked = request.Headers;
        OnRequest();
        return Task.FromResult(_answer());
    }

    private static HttpResponseMessage Content(HttpContent content, string type)
    {
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static HttpRequestException Refusal() =>
        new("refused", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));

    private sealed class BrokenStream(byte[] beginning) : MemoryStream(beginning)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new HttpIOException(HttpRequestError.ResponseEnded) : base.ReadAsync(buffer, cancellationToken);
    }
}
