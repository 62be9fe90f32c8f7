using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Hosting;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

public sealed class TlsTests
{
    private static readonly string[] Https = ["https://127.0.0.1:0"];

    [Fact]
    public async Task The_api_shows_the_certificate_of_the_files_and_a_new_one_once_they_change()
    {
        using var files = new CertificateFiles();
        files.Write("first");
        var time = new FakeTimeProvider(RunningServer.Start);
        await using var server = await RunningServer.StartAsync(files.Options, time: time, urls: Https);
        var address = server.Host.ApiUrls[0];
        Assert.Equal("https", address.Scheme);

        Assert.Equal(("CN=first", 1), await LookAsync(address));
        files.Write("second");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("CN=second", 1), await LookAsync(address));
    }

    [Fact]
    public async Task While_the_files_do_not_fit_together_the_last_certificate_goes_on_being_shown()
    {
        using var files = new CertificateFiles();
        files.Write("good");
        var time = new FakeTimeProvider(RunningServer.Start);
        await using var server = await RunningServer.StartAsync(files.Options, time: time, urls: Https);
        Assert.Equal("CN=good", (await LookAsync(server.Host.ApiUrls[0])).Subject);

        File.WriteAllText(files.KeyFile, "half a ke");
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("CN=good", (await LookAsync(server.Host.ApiUrls[0])).Subject);
    }

    [Fact]
    public async Task A_refusal_before_a_request_becomes_one_has_its_document_behind_tls_too()
    {
        using var files = new CertificateFiles();
        files.Write("good");
        await using var server = await RunningServer.StartAsync(files.Options, urls: Https);
        using var client = NewClient((_, _) => { });
        using var answer = await client.GetAsync(new Uri(server.Host.ApiUrls[0], "/a%00b"));
        Assert.Equal((400, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Over_https_the_cookie_is_never_sent_in_the_clear()
    {
        using var files = new CertificateFiles();
        files.Write("good");
        var token = UpgradeWatch.Security.BearerToken.New();
        var tokens = Path.Combine(Path.GetDirectoryName(files.KeyFile)!, "tokens");
        File.WriteAllText(tokens, new UpgradeWatch.Security.TokenEntry { Hash = UpgradeWatch.Security.BearerToken.Hash(token), Name = "a", Role = UpgradeWatch.Security.Role.Read } + "\n");
        var options = files.Options with { Auth = files.Options.Auth with { TokenFile = tokens } };
        await using var server = await RunningServer.StartAsync(options, urls: Https);
        using var client = NewClient((_, _) => { });
        using var answer = await client.PostAsync(new Uri(server.Host.ApiUrls[0], "/login"), new FormUrlEncodedContent([KeyValuePair.Create("token", token)]));
        Assert.Contains("; secure;", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_used_is_told_at_the_start()
    {
        using var files = new CertificateFiles();
        files.Write("good");
        var auth = files.Options.Auth;
        Assert.Null(new ServeSettings { Urls = Https }.FindMistake(auth));
        Assert.Contains("no use", new ServeSettings().FindMistake(auth));
        Assert.Contains("needs a certificate", new ServeSettings { Urls = Https }.FindMistake(new AuthOptions()));
        File.WriteAllText(files.KeyFile, "");
        Assert.Contains("cannot be used together", new ServeSettings { Urls = Https }.FindMistake(auth));
    }

    private static async Task<(string Subject, int Length)> LookAsync(Uri address)
    {
        var (subject, length) = ("", 0);
        using var client = NewClient((certificate, chain) => (subject, length) = (certificate.Subject, chain));
        using var answer = await client.GetAsync(new Uri(address, "/api/v1/status"));
        Assert.Equal(200, (int)answer.StatusCode);
        return (subject, length);
    }

    private static HttpClient NewClient(Action<X509Certificate, int> seen) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            // What the server has sent: its own and those that sign it.
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                seen(certificate!, chain!.ChainPolicy.ExtraStore.Count);
                return certificate is not null;
            },
        },
    });
}
