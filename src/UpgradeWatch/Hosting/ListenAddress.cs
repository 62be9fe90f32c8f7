using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UpgradeWatch.Hosting;

/// <summary>An address to listen at.</summary>
/// <param name="Address">The interface; null for localhost, which is both loopback addresses.</param>
/// <param name="Port">The port; 0 for a free one.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
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
        if (uri.Scheme == Uri.UriSchemeHttps)
        {
            mistake = $"'{url}' asks for https, which this server does not speak; put a proxy in front of it and listen at http";
            return false;
        }

        if (uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return false;
        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // Two sockets cannot agree on one free port.
            address = new ListenAddress(uri.Port == 0 ? IPAddress.Loopback : null, uri.Port);
            return true;
        }

        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)) return false;
        address = new ListenAddress(ip, uri.Port);
        return true;
    }

    /// <summary>Reads an address that has been checked.</summary>
    public static ListenAddress Parse(string url) =>
        TryParse(url, out var address, out var mistake) ? address : throw new FormatException(mistake);

    /// <summary>Makes the server listen there.</summary>
    public void Listen(KestrelServerOptions server, Action<ListenOptions> configure)
    {
        if (Address is null) server.ListenLocalhost(Port, configure);
        else server.Listen(Address, Port, configure);
    }
}
