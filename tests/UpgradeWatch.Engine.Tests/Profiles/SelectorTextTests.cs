using CsCheck;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Profiles;

public sealed class SelectorTextTests
{
    [Fact]
    public void What_is_rendered_reads_back_as_the_same_selector()
    {
        var label = Gen.Select(Gen.OneOf(Gen.Const("job"), Gen.Const("code"), Gen.Const("_x9")), Gen.Enum<MatchOperator>(), Gen.String, (name, compare, value) => new LabelMatch(name, compare, value));
        var selector = Gen.Select(Gen.OneOf(Gen.Const("up"), Gen.Const("job:errors:rate5m"), Gen.Const("a_b_total")), label.List[0, 4], (metric, matches) => new Selector(metric, matches));

        selector.Sample(original =>
        {
            Assert.True(SelectorText.TryParse(original.ToPromQl(), out var read, out var error), error);
            Assert.Equal(original.Metric, read.Metric);
            Assert.Equal(original.Matches, read.Matches);
        });
    }

    [Theory]
    [InlineData("orders_failed_total", "orders_failed_total")]
    [InlineData("a{}", "a")]
    [InlineData(" a { b = 'x' , c !~ `y\\d` , } ", """a{b="x",c!~"y\\d"}""")]
    [InlineData("""a{b="\x41\u00e9\t"}""", "a{b=\"A\u00e9\t\"}")]
    public void Every_way_of_writing_a_selector_is_understood(string text, string rendered)
    {
        Assert.True(SelectorText.TryParse(text, out var selector, out var error), error);
        Assert.Equal(rendered, selector.ToPromQl());
    }

    [Theory]
    [InlineData("", 1, "metric name")]
    [InlineData("{job=\"a\"}", 1, "metric name")]
    [InlineData("a{b}", 4, "one of = != =~ !~")]
    [InlineData("a{b=c}", 5, "value in quotes")]
    [InlineData("a{b=\"c}", 8, "closing quote")]
    [InlineData("a{b=\"c\" d=\"e\"}", 9, "comma or the closing brace")]
    [InlineData("a{b=\"\\d\"}", 6, "escape")]
    [InlineData("a{__name__=\"b\"}", 11, "before the brace")]
    [InlineData("rate(a[5m])", 5, "PromQL")]
    [InlineData("a{b=\"c\"} offset 5m", 10, "PromQL")]
    public void A_mistake_is_named_with_its_column(string text, int column, string hint)
    {
        Assert.False(SelectorText.TryParse(text, out _, out var error));
        Assert.Contains($"column {column}:", error, StringComparison.Ordinal);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_cannot_leave_its_quotes()
    {
        const string Hostile = "\"} or vector(1) #\\\n";

        var text = new Selector("up", [new LabelMatch("job", MatchOperator.Equal, Hostile)]).ToPromQl();

        Assert.Equal("""up{job="\"} or vector(1) #\\\n"}""", text);
    }
}
