using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace UpgradeWatch.Connectors.Tests.Http.Infrastructure;

/// <summary>A TLS server on the loopback address; it answers with the name in the client's certificate, on a new connection each time.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TlsServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<TlsServer> StartAsync((string Certificate, string Key) identity, bool requireClientCertificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        using var pem = X509Certificate2.CreateFromPem(identity.Certificate, identity.Key);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = requireClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
        })));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.Headers.Connection = "close";
            return context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "nobody");
        });
        await app.StartAsync();
        return new TlsServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
