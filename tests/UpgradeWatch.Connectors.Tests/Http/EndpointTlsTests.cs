using System.Net;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Tls;

namespace UpgradeWatch.Connectors.Tests.Http;

public sealed class EndpointTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new("own");

    [Fact]
    public async Task A_server_signed_by_the_own_authority_is_trusted()
    {
        await using var server = await TlsServer.StartAsync(_authority.Issue("server", IPAddress.Loopback), requireClientCertificate: false);
        using var endpoint = new EndpointUnderTest(Options(server, _authority));

        Assert.Equal("nobody", await endpoint.Client.GetStringAsync(server.Url));
    }

    [Fact]
    public async Task A_server_signed_by_somebody_else_is_not_trusted()
    {
        using var other = new TestAuthority("other");
        await using var server = await TlsServer.StartAsync(_authority.Issue("server", IPAddress.Loopback), requireClientCertificate: false);
        using var wrongAuthority = new EndpointUnderTest(Options(server, other));
        using var systemAuthorities = new EndpointUnderTest(new EndpointOptions { Url = server.Url });

        Assert.Equal(HttpRequestError.SecureConnectionError, await FailAsync(wrongAuthority));
        Assert.Equal(HttpRequestError.SecureConnectionError, await FailAsync(systemAuthorities));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_not_trusted()
    {
        await using var server = await TlsServer.StartAsync(_authority.Issue("server", IPAddress.Parse("127.0.0.9")), requireClientCertificate: false);
        using var endpoint = new EndpointUnderTest(Options(server, _authority));

        Assert.Equal(HttpRequestError.SecureConnectionError, await FailAsync(endpoint));
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_not_trusted_and_the_sentence_says_tls()
    {
        await using var server = await TlsServer.StartAsync(_authority.Issue("server", IPAddress.Loopback, TimeSpan.FromMinutes(-1)), requireClientCertificate: false);
        using var endpoint = new EndpointUnderTest(Options(server, _authority));

        Assert.Contains("cannot be reached: TLS failed", await SentenceAsync(endpoint), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_client_certificate_is_shown_on_the_next_connection()
    {
        await using var server = await TlsServer.StartAsync(_authority.Issue("server", IPAddress.Loopback), requireClientCertificate: true);
        using var endpoint = new EndpointUnderTest(WithClient(Options(server, _authority), "before"));

        var before = await endpoint.Client.GetStringAsync(server.Url);
        WithClient(Options(server, _authority), "after");
        var after = await endpoint.Client.GetStringAsync(server.Url);

        Assert.Equal(("CN=before", "CN=after"), (before, after));
    }

    [Fact]
    public async Task A_missing_authority_or_key_file_is_named()
    {
        await using var server = await TlsServer.StartAsync(_authority.Issue("server", IPAddress.Loopback), requireClientCertificate: true);
        using var noAuthority = new EndpointUnderTest(new EndpointOptions { Url = server.Url, CaFile = "/nowhere/ca.pem" });
        using var noKey = new EndpointUnderTest(Options(server, _authority) with { CertFile = _folder.File("ca.pem"), KeyFile = "/nowhere/key.pem" });

        Assert.Contains("caFile /nowhere/ca.pem does not exist.", await SentenceAsync(noAuthority), StringComparison.Ordinal);
        Assert.Contains("/nowhere/key.pem", await SentenceAsync(noKey), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private EndpointOptions Options(TlsServer server, TestAuthority trusted) =>
        new() { Url = server.Url, CaFile = _folder.Write("ca.pem", trusted.Pem) };

    private EndpointOptions WithClient(EndpointOptions options, string name)
    {
        var (certificate, key) = _authority.Issue(name);
        return options with { CertFile = _folder.Write("client.pem", certificate), KeyFile = _folder.Write("client.key", key) };
    }

    private static async Task<HttpRequestError> FailAsync(EndpointUnderTest endpoint) =>
        (await Assert.ThrowsAsync<HttpRequestException>(() => endpoint.Client.GetStringAsync(""))).HttpRequestError;

    private static async Task<string> SentenceAsync(EndpointUnderTest endpoint)
    {
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => endpoint.Client.GetStringAsync(""));
        return EndpointFailure.FromException("Prometheus", endpoint.Client.BaseAddress, thrown)!.Message;
    }
}
