using System.Net;
using System.Text;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Http;

public sealed class EndpointCredentialTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<HttpRequestMessage> _seen = [];
    private readonly List<string?> _authorizations = [];

    [Fact]
    public async Task A_rotated_token_counts_at_once_even_when_it_is_mounted_as_a_link()
    {
        // The way Kubernetes mounts a secret: the file is a link into a folder that is a link, which is what changes.
        _folder.Write("one/token", "first\n");
        _folder.Write("two/token", "other");
        Directory.CreateSymbolicLink(_folder.File("data"), _folder.File("one"));
        File.CreateSymbolicLink(_folder.File("token"), _folder.File("data/token"));
        using var endpoint = Endpoint(EndpointUnderTest.Options() with { TokenFile = _folder.File("token") });

        await endpoint.Client.GetAsync("");
        Directory.Delete(_folder.File("data"));
        Directory.CreateSymbolicLink(_folder.File("data"), _folder.File("two"));
        await endpoint.Client.GetAsync("");

        Assert.Equal(["Bearer first", "Bearer other"], _authorizations);
    }

    [Fact]
    public async Task A_rotated_password_counts_at_once()
    {
        var file = _folder.Write("password", "pässword");
        using var endpoint = Endpoint(EndpointUnderTest.Options() with { Username = "reader", PasswordFile = file });

        await endpoint.Client.GetAsync("");
        _folder.Write("password", "another1");
        await endpoint.Client.GetAsync("");

        Assert.Equal([Basic("reader:pässword"), Basic("reader:another1")], _authorizations);
    }

    [Fact]
    public async Task A_refusal_that_repeats_the_credentials_has_them_blacked_out()
    {
        var file = _folder.Write("password", "swordfish-and-chips");
        var headers = new Dictionary<string, string> { ["X-Key"] = "key-of-the-tenant", ["X-Scope-OrgID"] = "eu" };
        using var stub = new StubServer((_, request, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
        {
            Content = new StringContent($"no eu for {request.Headers.Authorization}, swordfish-and-chips, key-of-the-tenant", Encoding.UTF8, "text/plain"),
        }));
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options() with { Username = "reader", PasswordFile = file, Headers = headers }, stub);

        using var answer = await endpoint.Client.GetAsync("");

        Assert.Equal("no eu for Basic ***, ***, ***", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>An endpoint that was taken over can repeat as often as it likes what it was sent.</summary>
    [Fact]
    public async Task A_refusal_of_nothing_but_credentials_is_cleaned_in_one_pass()
    {
        const int Times = 500_000;
        var headers = new Dictionary<string, string> { ["X-Key"] = "key-of-the-tenant" };
        using var stub = new StubServer((_, _, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
        {
            Content = new StringContent(new StringBuilder().Insert(0, "key-of-the-tenant", Times).ToString()),
        }));
        using var endpoint = new EndpointUnderTest(EndpointUnderTest.Options() with { Headers = headers }, stub);

        // Half a second; a copy of the body for each of them took hours.
        using var answer = await Task.Run(() => endpoint.Client.GetAsync("")).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(3 * Times, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Own_headers_and_the_products_name_are_sent_and_the_path_of_the_url_is_kept()
    {
        var headers = new Dictionary<string, string> { ["X-Scope-OrgID"] = "team-a" };
        using var endpoint = Endpoint(EndpointUnderTest.Options("http://stub.test/prometheus") with { Headers = headers });

        await endpoint.Client.GetAsync("api/v1/query");

        var request = Assert.Single(_seen);
        Assert.Equal("http://stub.test/prometheus/api/v1/query", request.RequestUri!.ToString());
        Assert.Equal("team-a", request.Headers.GetValues("X-Scope-OrgID").Single());
        Assert.StartsWith("upgradewatch/", request.Headers.UserAgent.ToString(), StringComparison.Ordinal);
        Assert.Null(request.Headers.Authorization);
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("  \n", "is empty")]
    [InlineData("one\ntwo", "has more than one line")]
    public async Task A_token_file_that_is_no_good_is_named_and_never_quoted(string? content, string problem)
    {
        var file = content is null ? _folder.File("token") : _folder.Write("token", content);
        using var endpoint = Endpoint(EndpointUnderTest.Options() with { TokenFile = file });

        var thrown = await Assert.ThrowsAsync<CredentialException>(() => endpoint.Client.GetAsync(""));

        Assert.Contains($"tokenFile {file} {problem}", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("two", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(_seen);
    }

    public void Dispose() => _folder.Dispose();

    private EndpointUnderTest Endpoint(EndpointOptions options) => new(options, new StubServer((_, request, _) =>
    {
        _seen.Add(request);
        _authorizations.Add(request.Headers.Authorization?.ToString());
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }));

    private static string Basic(string credentials) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";
}
