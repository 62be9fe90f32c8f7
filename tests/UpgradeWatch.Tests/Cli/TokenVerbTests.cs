using System.Text.Json;
using UpgradeWatch.Security;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Security;

namespace UpgradeWatch.Tests.Cli;

public sealed class TokenVerbTests
{
    [Fact]
    public async Task A_new_token_is_printed_once_and_its_hash_is_added_to_the_file()
    {
        using var folder = new TempFolder();
        var file = folder.File("tokens");
        await File.WriteAllTextAsync(file, "# no newline at the end");

        var run = await CliRun.OfAsync("token", "new", "--role", "operate", "--target", "checkout", "--target", "cart", "--name", "ci", "--file", file);

        var token = run.Out.Trim();
        Assert.Equal(0, run.ExitCode);
        Assert.True(BearerToken.IsOne(token));
        Assert.DoesNotContain(token, run.Error, StringComparison.Ordinal);
        var entry = Assert.Single(TokenList.Read(file).Entries);
        Assert.True(entry.Matches(BearerToken.Hash(token)));
        Assert.Equal(("ci", Role.Operate, "checkout,cart"), (entry.Name, entry.Role, string.Join(',', entry.Targets)));
        Assert.DoesNotContain(token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_new_can_be_read_by_its_owner_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TempFolder();
        await CliRun.OfAsync("token", "new", "--role", "read", "--file", folder.File("tokens"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("tokens")));
    }

    [Fact]
    public async Task Without_a_file_the_line_for_it_comes_after_the_token()
    {
        var run = await CliRun.OfAsync("token", "new", "--role", "read");
        var lines = run.Out.Trim().Split('\n');
        Assert.True(TokenEntry.TryParse(lines[1], out var entry, out _));
        Assert.True(entry!.Matches(BearerToken.Hash(lines[0])));
        Assert.Matches("^read-[0-9a-f]{8}$", entry.Name);

        var json = JsonDocument.Parse((await CliRun.OfAsync("token", "new", "--role", "admin", "--output", "json")).Out).RootElement;
        Assert.True(BearerToken.IsOne(json.GetProperty("token").GetString()!));
        Assert.Contains("role=admin", json.GetProperty("line").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token new", "--role")]
    [InlineData("token new --role root", "read, operate, admin")]
    [InlineData("token new --role read --name a(b", "--name is \"a(b\"")]
    [InlineData("token new --role read --target Shop", "--target is \"Shop\"")]
    [InlineData("token new --role read --file /nowhere/tokens", "--file is \"/nowhere/tokens\"")]
    public async Task A_mistake_makes_no_token(string line, string expected)
    {
        var run = await CliRun.OfAsync(line.Split(' '));
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verbs_send_the_token_of_the_file_that_an_option_or_the_environment_names()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var folder = new TempFolder();
        var (good, small) = (folder.File("good"), folder.File("small"));
        await File.WriteAllTextAsync(good, guarded.Operate + "\n");
        await File.WriteAllTextAsync(small, guarded.Read);
        var server = guarded.Server.Api.BaseAddress!.AbsoluteUri;
        string[] begin = ["begin", "--target", "checkout", "--to", "2", "--server", server];

        var without = await CliRun.OfAsync(begin);
        Assert.Equal(6, without.ExitCode);
        Assert.Contains("refused (401): no token is given", without.Error, StringComparison.Ordinal);
        var tooSmall = await CliRun.OfAsync([.. begin, "--token-file", small]);
        Assert.Equal(6, tooSmall.ExitCode);
        Assert.Contains("token 'dashboard' has the role read", tooSmall.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.OfAsync([.. begin, "--token-file", good])).ExitCode);
        var byEnvironment = await CliRun.OfAsync(TimeProvider.System, ["status", "--server", server], environment: name => name == "UPGRADEWATCH_TOKEN_FILE" ? small : null);
        Assert.Equal(0, byEnvironment.ExitCode);
    }

    [Theory]
    [InlineData("hunter2\nhunter3")]
    [InlineData("hunter2 hunter3")]
    [InlineData("hunter\u00e9")]
    public async Task A_file_with_more_than_a_token_is_refused_and_not_shown(string content)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("token"), content);
        var run = await CliRun.OfAsync("status", "--token-file", folder.File("token"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("more than a token", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", run.Error, StringComparison.Ordinal);
    }
}
