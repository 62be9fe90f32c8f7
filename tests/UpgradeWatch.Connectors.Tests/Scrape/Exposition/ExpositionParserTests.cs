using UpgradeWatch.Connectors.Scrape.Exposition;

namespace UpgradeWatch.Connectors.Tests.Scrape.Exposition;

public sealed class ExpositionParserTests
{
    [Theory]
    [InlineData("wanted 1\n", "", 1)]
    [InlineData("wanted{} 1\n", "", 1)]
    [InlineData("wanted{a=\"b\"} 1.5e3\n", "a=b", 1500)]
    [InlineData("wanted{a=\"b\",} -0.25\n", "a=b", -0.25)]
    [InlineData(" \twanted { a = \"b\" , c = \"\" } \t 7 \r\n", "a=b;c=", 7)]
    [InlineData("wanted{a=\"b\"}1\n", "a=b", 1)]
    [InlineData("wanted{a=\"x} 9 \\\"y\\\"\"} 1\n", "a=x} 9 \"y\"", 1)]
    [InlineData("wanted{a=\"back\\\\slash\\nline\\x\"} 1\n", "a=back\\slash\nline\\x", 1)]
    [InlineData("wanted{a=\"größer 火\"} 1\n", "a=größer 火", 1)]
    [InlineData("wanted 1 1700000000000\n", "", 1)]
    [InlineData("wanted 1 -5\n", "", 1)]
    [InlineData("wanted +Inf\n", "", double.PositiveInfinity)]
    [InlineData("wanted -inf\n", "", double.NegativeInfinity)]
    [InlineData("wanted NaN\n", "", double.NaN)]
    [InlineData("wanted 12345678901234567\n", "", 12345678901234567d)]
    [InlineData("# HELP wanted \\ \"what\" {\n# TYPE wanted counter\n\n# EOF\nwanted 1\n", "", 1)]
    public void It_reads_what_the_text_format_allows(string body, string labels, double value) =>
        Assert.Equal([(labels, value)], new ExpositionBench().Samples(body));

    [Theory]
    [InlineData("wanted 1\n# EOF\n", 1)]
    [InlineData("wanted 1\n# EOF", 1)]
    [InlineData("wanted 1 1700000000.123\n# EOF\n", 1)]
    [InlineData("wanted 1 # {trace_id=\"a # b\"} 0.5\n# EOF\n", 1)]
    [InlineData("wanted 1 1700000000 # {} 0.5 1700000000.5\n# EOF\n", 1)]
    public void It_reads_what_OpenMetrics_allows(string body, double value) =>
        Assert.Equal([("", value)], new ExpositionBench().Samples(body, ExpositionFormat.OpenMetrics));

    [Theory]
    [InlineData("wanted\n", "line 1: the value of 'wanted' is missing.")]
    [InlineData("wanted{a=\"b\"}\n", "line 1: the value is missing.")]
    [InlineData("ok 1\n\nwanted one\n", "line 3: 'one' is not a number.")]
    [InlineData("wanted 1,5\n", "line 1: '1,5' is not a number.")]
    [InlineData("wanted 0x10\n", "line 1: '0x10' is not a number.")]
    [InlineData("wanted 1 2.5\n", "line 1: '2.5' is not a timestamp (whole milliseconds since 1970).")]
    [InlineData("wanted 1 2 3\n", "line 1: nothing more is expected after the value and the timestamp, but there is '3'.")]
    [InlineData("wanted 1 # {a=\"b\"} 1\n", "line 1: nothing more is expected after the value and the timestamp, but there is '#'.")]
    [InlineData("wanted{a=\"b\" 1\n", "line 1: after a label a comma or } is expected, not '1'.")]
    [InlineData("wanted{a=\"b\"\n", "line 1: after a label a comma or } is expected, not the end of the line.")]
    [InlineData("wanted{a=\"b} 1\n", "line 1: the value of the label 'a' has no closing quote.")]
    [InlineData("wanted{a=\"b\\", "line 1: the value of the label 'a' has no closing quote.")]
    [InlineData("wanted{a=b} 1\n", "line 1: the value of the label 'a' must begin with a quote, not 'b} 1'.")]
    [InlineData("wanted{a} 1\n", "line 1: after the label name 'a' an = is expected, not '} 1'.")]
    [InlineData("wanted{1a=\"b\"} 1\n", "line 1: a label name is expected, not '1a=\"b\"} 1'.")]
    [InlineData("wanted{,} 1\n", "line 1: a label name is expected, not ',} 1'.")]
    [InlineData("wanted{a=\"b\",a=\"c\"} 1\n", "line 1: the label a is there twice.")]
    [InlineData("<html>\n", "line 1: a metric name is expected, not '<html>'.")]
    [InlineData("{\"a\":1}\n", "line 1: a metric name is expected, not '{\"a\":1}'.")]
    [InlineData("http-requests 1\n", "line 1: '-requests 1' is not allowed in the metric name 'http'.")]
    [InlineData("1wanted 1\n", "line 1: a metric name is expected, not '1wanted 1'.")]
    [InlineData("ok 1\nwanted 1", "The body ends within line 2: it was cut short.")]
    public void A_bad_text_names_the_line_and_what_is_wrong(string body, string error) =>
        Assert.Equal(error, new ExpositionBench().Parse(body));

    [Theory]
    [InlineData("wanted 1\n", "The body ends after line 1 without # EOF: it was cut short.")]
    [InlineData("", "The body ends after line 0 without # EOF: it was cut short.")]
    [InlineData("wanted 1\n# EOF\nwanted 2\n", "line 3: nothing is expected after # EOF, but there is 'wanted 2'.")]
    [InlineData("wanted 1 soon\n# EOF\n", "line 1: 'soon' is not a timestamp (seconds since 1970).")]
    [InlineData("wanted 1 # 0.5\n# EOF\n", "line 1: the exemplar must begin with {, not '0.5'.")]
    [InlineData("wanted 1 # {a=\"b\"}\n# EOF\n", "line 1: the exemplar has no value.")]
    [InlineData("wanted 1 # {a} 1\n# EOF\n", "line 1: in the exemplar after the label name 'a' an = is expected, not '} 1'.")]
    [InlineData("wanted 1 # {} x\n# EOF\n", "line 1: 'x' in the exemplar is not a number.")]
    [InlineData("wanted 1 # {} 1 x\n# EOF\n", "line 1: 'x' in the exemplar is not a timestamp (seconds since 1970).")]
    [InlineData("wanted 1 # {} 1 2 3\n# EOF\n", "line 1: nothing more is expected after the exemplar, but there is '3'.")]
    public void A_bad_OpenMetrics_names_the_line_and_what_is_wrong(string body, string error) =>
        Assert.Equal(error, new ExpositionBench().Parse(body, ExpositionFormat.OpenMetrics));

    [Fact]
    public void A_label_that_is_not_UTF_8_is_refused() =>
        Assert.Equal("line 1: the value of the label 'a' is not UTF-8.", new ExpositionBench().Parse([.. "wanted{a=\""u8, 0xFF, .. "\"} 1\n"u8]));

    [Fact]
    public void What_is_too_long_or_too_much_is_refused_with_the_limit()
    {
        var bench = new ExpositionBench(new ExpositionLimits { LineBytes = 100, LabelValueBytes = 10, Samples = 2 });

        Assert.Equal("line 1: it has 101 bytes, at most 100 are read.", bench.Parse("# " + new string('x', 99) + "\n"));
        Assert.Equal("line 1: the value of the label 'a' has 11 bytes, at most 10 are read.", bench.Parse("wanted{a=\"12345678901\"} 1\n"));
        Assert.Equal("line 3: there are more than 2 samples.", bench.Parse("a 1\nb 2\nc 3\n"));
    }

    [Fact]
    public void A_last_line_without_an_end_is_read_when_the_transport_vouches_for_it() =>
        Assert.Null(new ExpositionBench().Parse("wanted 1", isWhole: true));

    [Fact]
    public void What_is_not_needed_is_not_looked_into()
    {
        var bench = new ExpositionBench();

        Assert.Equal([("", 3)], bench.Samples("unwanted{broken 1 2 3\nwanted 3\n"));
        Assert.Equal(["unwanted", "wanted"], bench.Table.MetricNames);
    }

    [Fact]
    public void A_series_is_the_same_in_another_order_of_lines_and_of_labels()
    {
        var bench = new ExpositionBench();
        var before = bench.States("wanted{a=\"1\",b=\"2\"} 1\nwanted{a=\"2\"} 1\nwanted 1\n");
        var after = bench.States("wanted 1\nwanted{ b=\"2\", a=\"1\", c=\"\" } 1\nwanted{a=\"2\"} 1\n");

        Assert.Equal([before[2], before[0], before[1]], after);
    }

    [Fact]
    public void Series_that_begin_alike_are_told_apart()
    {
        var bench = new ExpositionBench();
        bench.Samples("wanted 1\n");

        Assert.Equal([("a=b", 2), ("", 3)], bench.Samples("wanted {a=\"b\"} 2\nwanted_too 9\nwanted 3\n"));
    }

    [Fact]
    public void Series_that_are_gone_for_long_are_forgotten()
    {
        var bench = new ExpositionBench();
        var before = bench.States("wanted{pod=\"old\"} 1\n")[0];
        for (var pass = 0; pass < 100; pass++)
        {
            bench.States("wanted{pod=\"new\"} 1\n");
            bench.Table.Sweep(before: 1);
        }

        Assert.NotSame(before, bench.States("wanted{pod=\"old\"} 1\n")[0]);
    }
}
