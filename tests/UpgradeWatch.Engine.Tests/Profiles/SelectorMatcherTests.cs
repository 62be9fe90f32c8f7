using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Profiles;

public sealed class SelectorMatcherTests
{
    [Theory]
    [InlineData("""m{code="500"}""", true)]
    [InlineData("""m{code="5"}""", false)]
    [InlineData("""m{code=~"5.."}""", true)]
    [InlineData("""m{code=~"5"}""", false)]
    [InlineData("""m{code=~"4..|5.."}""", true)]
    [InlineData("""m{code!~"5.."}""", false)]
    [InlineData("""m{code!="200",job="shop"}""", true)]
    [InlineData("""m{zone=""}""", true)]
    [InlineData("""m{zone=~".+"}""", false)]
    [InlineData("""m{zone!="a"}""", true)]
    [InlineData("other", false)]
    public void A_series_is_picked_as_Prometheus_picks_it(string selector, bool picked)
    {
        Assert.True(SelectorMatcher.TryCreate(SelectorText.Parse(selector), out var matcher, out var error), error);

        Assert.Equal(picked, matcher.IsMatch("m", [new("code", "500"), new("job", "shop")]));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=a)b")]
    public void A_pattern_that_cannot_be_used_is_named(string pattern)
    {
        var selector = new Selector("m", [new LabelMatch("code", MatchOperator.Matches, pattern)]);

        Assert.False(SelectorMatcher.TryCreate(selector, out _, out var error));
        Assert.Contains(pattern, error, StringComparison.Ordinal);
        Assert.Contains("code", error, StringComparison.Ordinal);
    }
}
