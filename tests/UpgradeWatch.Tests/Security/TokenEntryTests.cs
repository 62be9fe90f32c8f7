using UpgradeWatch.Security;

namespace UpgradeWatch.Tests.Security;

public sealed class TokenEntryTests
{
    private static readonly string Hash = "sha256:" + new string('a', 64);

    [Fact]
    public void A_line_says_again_what_it_was_made_of()
    {
        var entry = new TokenEntry { Hash = BearerToken.Hash(BearerToken.New()), Name = "ci@shop", Role = Role.Operate, Targets = ["checkout", "cart"] };

        Assert.True(TokenEntry.TryParse(entry.ToString(), out var read, out var mistake));

        Assert.Null(mistake);
        Assert.Equal(entry.ToString(), read!.ToString());
        Assert.True(read.Matches(entry.Hash));
    }

    [Theory]
    [InlineData("uw_secret role=read name=x", "does not begin with sha256:")]
    [InlineData("sha256:abc role=read name=x", "does not begin with sha256:")]
    [InlineData("HASH name=x", "no role")]
    [InlineData("HASH role=root name=x", "no role")]
    [InlineData("HASH role=read", "no name")]
    [InlineData("HASH role=read name=a(b", "no name")]
    [InlineData("HASH role=read name=x target=", "target")]
    [InlineData("HASH role=read name=x target=a,,b", "target")]
    [InlineData("HASH role=read name=x target=*", "target")]
    [InlineData("HASH role=read name=x targets=a", "none of")]
    [InlineData("HASH role=read name=x checkout", "none of")]
    public void A_line_with_a_mistake_counts_for_nothing_and_is_not_repeated(string line, string expected)
    {
        Assert.False(TokenEntry.TryParse(line.Replace("HASH", Hash, StringComparison.Ordinal), out var entry, out var mistake));
        Assert.Null(entry);
        Assert.Contains(expected, mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_are_all_different_and_of_one_form()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => BearerToken.New()).ToHashSet();
        Assert.Equal(1000, tokens.Count);
        Assert.All(tokens, token => Assert.Matches("^uw_[A-Za-z0-9_-]{43}$", token));
        Assert.False(BearerToken.IsOne("correct horse battery staple"));
    }
}
