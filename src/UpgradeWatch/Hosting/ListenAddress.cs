using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using UpgradeWatch.Security;

namespace UpgradeWatch.Hosting;

/// <summary>An address to listen at.</summary>
/// <param name="Address">The interface; null for localhost, which is both loopback addresses.</param>
/// <param name="Port">The port; 0 for a free one.</param>
/// <param name="IsHttps">Whether TLS is spoken there.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port, bool IsHttps = false)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Reads an address such as <c>http://127.0.0.1:8080</c>; <c>*</c> and <c>+</c> stand for every interface.</summary>
    public static bool TryParse(string url, out ListenAddress address, out string mistake)
    {
        address = new ListenAddress(IPAddress.Loopback, 0);
        mistake = $"'{url}' is not an address to listen at; it must look like http://127.0.0.1:8080";
        var everywhere = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(everywhere, UriKind.Absolute, out var uri)) return false;
        var isHttps = uri.Scheme == Uri.UriSchemeHttps;
        if ((uri.Scheme != Uri.UriSchemeHttp && !isHttps) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return false;
        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // Two sockets cannot agree on one free port.
            address = new ListenAddress(uri.Port == 0 ? IPAddress.Loopback : null, uri.Port, isHttps);
            return true;
        }

        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)) return false;
        address = new ListenAddress(ip, uri.Port, isHttps);
        return true;
    }

    /// <summary>Reads an address that has been checked.</summary>
    public static ListenAddress Parse(string url) =>
        TryParse(url, out var address, out var mistake) ? address : throw new FormatException(mistake);

    /// <summary>Makes the server listen there for metrics and probes.</summary>
    public void ListenForMetrics(KestrelServerOptions server, ConnectionLimit connections) => Listen(server, listener =>
    {
        connections.Bound(listener);
        Listeners.MarkMetrics(listener);
    });

    /// <summary>Makes the server listen there for the API.</summary>
    public void ListenForApi(KestrelServerOptions server, ConnectionLimit connections) => Listen(server, listener =>
    {
        connections.Bound(listener);
        if (!IsHttps) return;
        var certificate = server.ApplicationServices.GetRequiredService<ServerCertificate>();
        // HTTP/2 would bring nothing here but more ways to be flooded.
        listener.Protocols = HttpProtocols.Http1;
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current()) });
        BareRefusals.Explain(listener);
    });

    /// <summary>Makes a server of something else listen there.</summary>
    public void Listen(KestrelServerOptions server) => Listen(server, _ => { });

    private void Listen(KestrelServerOptions server, Action<ListenOptions> configure)
    {
        if (Address is null) server.ListenLocalhost(Port, configure);
        else server.Listen(Address, Port, configure);
    }
}
