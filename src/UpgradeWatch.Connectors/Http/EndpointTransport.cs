using System.Net;

namespace UpgradeWatch.Connectors.Http;

/// <summary>Connections to an endpoint: TLS as configured, no redirect followed, answers unpacked.</summary>
internal static class EndpointTransport
{
    // A new connection looks the name up again and shows a rotated certificate.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static SocketsHttpHandler Create(EndpointOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect could carry the credentials to somebody else; the answer that it is one is shown instead.
            AllowAutoRedirect = false,

            // Not Brotli: none of those that are asked packs with it, and it would be nearly a megabyte of the executable.
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            UseCookies = false,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = ConnectTimeout,
        };
        if (options.CaFile is { } caFile)
        {
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, certificate, chain, errors) => OwnAuthorities.Trust(() => CredentialFile.ReadAuthorities(caFile), certificate, chain, errors);
        }

        if (options is { CertFile: { } certFile, KeyFile: { } keyFile })
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => CredentialFile.ReadCertificate(certFile, keyFile);
        }

        return handler;
    }
}
