using System.Net;
using System.Text;
using System.Web;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;

/// <summary>Answers as it is told, and remembers what it was asked.</summary>
internal sealed class CannedPrometheus(Func<CannedPrometheus.Request, HttpResponseMessage> answer) : HttpMessageHandler
{
    /// <summary>A step of 15 s that the bundles begin with.</summary>
    public const long FirstStep = 1795405350 / 15;

    private readonly List<Request> _requests = [];

    public IReadOnlyList<Request> Requests => _requests;

    public SourceCounters Counters { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds((FirstStep + 10) * 15));

    public PrometheusSource Source => new(Http, Counters, Time);

    public PrometheusClient Client => new(Http, Counters, Time);

    private HttpClient Http => new(this, disposeHandler: false) { BaseAddress = new Uri("http://prometheus.test:9090/") };

    public static CannedPrometheus Always(string body, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        new(_ => Response(body, status, type));

    public static HttpResponseMessage Response(string body, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static string Bundle(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Prometheus", "Bundles", name));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var form = request.Content is null ? request.RequestUri!.Query : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = new Request(request.RequestUri!.AbsolutePath, HttpUtility.ParseQueryString(form));
        lock (_requests)
        {
            _requests.Add(asked);
        }

        var response = answer(asked);
        response.RequestMessage = request;
        return response;
    }

    /// <summary>What was asked.</summary>
    public sealed record Request(string Path, System.Collections.Specialized.NameValueCollection Form)
    {
        public string Query => Form["query"] ?? "";
    }
}
