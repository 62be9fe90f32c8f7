using UpgradeWatch.Configuration;
using UpgradeWatch.Hosting;
using UpgradeWatch.Security;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Hosting;

public sealed class ServeSettingsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    public void The_api_may_listen_where_only_this_machine_reaches_it(string url) =>
        Assert.Null(new ServeSettings { Urls = [url] }.FindMistake(new AuthOptions()));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://10.0.0.5:8080")]
    public void Listening_for_others_needs_to_be_said_aloud_and_metrics_may(string url)
    {
        Assert.Contains("--insecure", new ServeSettings { Urls = [url] }.FindMistake(new AuthOptions()));
        Assert.Null(new ServeSettings { Urls = [url], Insecure = true }.FindMistake(new AuthOptions()));
        Assert.Null(new ServeSettings { MetricsUrls = [url] }.FindMistake(new AuthOptions()));
    }

    [Fact]
    public void With_tokens_the_api_may_listen_for_others_and_a_token_file_without_any_is_refused()
    {
        using var folder = new TempFolder();
        var settings = new ServeSettings { Urls = ["http://0.0.0.0:8080"] };
        var auth = new AuthOptions { TokenFile = folder.File("tokens") };
        var entry = new TokenEntry { Hash = BearerToken.Hash(BearerToken.New()), Name = "a", Role = Role.Read };

        Assert.Contains("cannot be read", settings.FindMistake(auth));
        File.WriteAllText(auth.TokenFile, "# none\n");
        Assert.Contains("holds no token", settings.FindMistake(auth));
        File.WriteAllText(auth.TokenFile, $"{entry}\n{entry} x\n");
        Assert.Contains("tokens:2 ", settings.FindMistake(auth));
        File.WriteAllText(auth.TokenFile, $"{entry}\n");
        Assert.Null(settings.FindMistake(auth));
        Assert.Contains("https", settings.FindCaution(auth));
        Assert.Null(new ServeSettings().FindCaution(auth));
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(auth.TokenFile, File.GetUnixFileMode(auth.TokenFile) | UnixFileMode.OtherWrite);
        Assert.Contains("chmod o-w", settings.FindMistake(auth));
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://host.example:8080")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("http://user@127.0.0.1:8080")]
    [InlineData("https://127.0.0.1:8443")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("")]
    public void An_address_that_is_none_is_named(string url)
    {
        Assert.Contains($"'{url}'", new ServeSettings { Urls = [url] }.FindMistake(new AuthOptions()));
        Assert.Contains("--metrics-urls", new ServeSettings { MetricsUrls = [url] }.FindMistake(new AuthOptions()));
    }

    [Fact]
    public void Without_any_address_there_is_nothing_to_serve() =>
        Assert.Contains("--urls is empty", new ServeSettings { Urls = [] }.FindMistake(new AuthOptions()));
}
