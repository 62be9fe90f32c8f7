using System.Net.Http.Headers;
using System.Text;

namespace UpgradeWatch.Connectors.Http;

/// <summary>
/// Blacks out credentials in refusals: what an endpoint says about a refusal is quoted to people, and some gateways repeat
/// the headers they were sent.
/// </summary>
internal sealed class EchoHandler(EndpointOptions options) : DelegatingHandler
{
    // What is shorter is no secret, and blacking it out would make nonsense of a sentence.
    private const int Shortest = 8;

    private static readonly byte[] Black = "***"u8.ToArray();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var clean = Secrets(request.Headers.Authorization).Where(secret => secret.Length >= Shortest).Aggregate(body, Replace);
        if (ReferenceEquals(clean, body)) return response;
        var content = new ByteArrayContent(clean);
        content.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content = content;
        return response;
    }

    private IEnumerable<string> Secrets(AuthenticationHeaderValue? authorization)
    {
        foreach (var value in options.Headers.Values) yield return value;
        if (authorization?.Parameter is not { } parameter) yield break;
        yield return parameter;
        if (authorization.Scheme != "Basic") yield break;
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(parameter));
        yield return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static byte[] Replace(byte[] body, string secret)
    {
        var sought = Encoding.UTF8.GetBytes(secret);
        ReadOnlySpan<byte> left = body;
        var at = left.IndexOf(sought);
        if (at < 0) return body;
        // In one pass: a body may be large and hold nothing else.
        using var clean = new MemoryStream(body.Length);
        for (; at >= 0; at = left.IndexOf(sought))
        {
            clean.Write(left[..at]);
            clean.Write(Black);
            left = left[(at + sought.Length)..];
        }

        clean.Write(left);
        return clean.ToArray();
    }
}
