using System.Globalization;
using System.Xml.Linq;
using UpgradeWatch.Plots;

namespace UpgradeWatch.Tests.Plots;

public class SvgPlotTests
{
    private const double ChangeAt = 1_777_901_820;

    [Fact]
    public void It_says_in_words_what_it_shows()
    {
        var svg = Parse(SvgPlot.Document(Make() with { Id = "sli-1", Flagged = new PlotStretch(ChangeAt + 600, ChangeAt + 1140, "abnormal") }));
        Assert.Equal(("img", "sli-1-title sli-1-desc"), (svg.Attribute("role")!.Value, svg.Attribute("aria-labelledby")!.Value));
        Assert.Equal("p95 <fail>", Only(svg, "title").Value);
        Assert.Equal("It got slower. 20 values before the change at 2026-05-04 13:37 UTC, 20 after it. abnormal from 13:47 to 13:56.", Only(svg, "desc").Value);
        Assert.Contains(Texts(svg), text => text == "abnormal");
        Assert.Contains(Texts(svg), text => text.EndsWith("UTC", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_has_its_colours_for_light_and_dark_and_a_part_of_a_page_has_none()
    {
        Assert.Contains("prefers-color-scheme:dark", Only(Parse(SvgPlot.Document(Make())), "style").Value, StringComparison.Ordinal);
        Assert.DoesNotContain("<style>", SvgPlot.Fragment(Make()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_ends_the_line_and_a_value_between_two_gaps_is_a_dot()
    {
        double[] values = [1, 2, 3, double.NaN, 4, double.NaN, 5, 6];
        var svg = Parse(SvgPlot.Document(Make() with { Points = [.. values.Select((value, index) => Point(index, value))], ChangeAt = ChangeAt - 60 }));
        var lines = Lines(svg, "uw-line uw-after").ToArray();
        Assert.Equal([3, 2, 2], lines.Select(line => line.Length));
        Assert.Equal(lines[1][0], lines[1][1]);
    }

    [Theory]
    [InlineData("ratio", 0.012, " %")]
    [InlineData("seconds", 0.250, " ms")]
    [InlineData("seconds", 4.5, " s")]
    [InlineData("bytes", 7_000_000_000, " GiB")]
    [InlineData("", 2_500_000, " M")]
    [InlineData("requests_per_second", 42, "")]
    public void The_marks_of_the_values_have_their_unit_and_differ(string unit, double most, string suffix)
    {
        var svg = Parse(SvgPlot.Document(Make() with { Unit = unit, Points = [.. Enumerable.Range(-20, 40).Select(i => Point(i, most * (i + 20) / 40))] }));
        var marks = svg.Elements().Where(element => element.Name.LocalName == "text" && element.Attribute("text-anchor")?.Value == "end" && element.Attribute("class") is null).Select(element => element.Value).ToArray();
        Assert.InRange(marks.Length, 3, 9);
        Assert.Equal(marks.Length, marks.Distinct().Count());
        Assert.All(marks, mark => Assert.EndsWith(suffix, mark, StringComparison.Ordinal));
        Assert.All(marks, mark => Assert.True(mark.Length <= 9, mark));
        if (unit == "requests_per_second") Assert.Contains("requests per second", Texts(svg));
    }

    [Fact]
    public void Everything_stays_in_the_picture_and_wild_ranges_do_not_flatten_the_values()
    {
        var wild = new PlotRange(-1e9, 1e9);
        var svg = Parse(SvgPlot.Document(Make() with { Points = [.. Enumerable.Range(-20, 40).Select(i => Point(i, 10 + ((i + 20) % 5)) with { Placebo = wild })] }));
        var heights = Lines(svg, "uw-line uw-before").Single().Select(point => point.Y).ToArray();
        Assert.True(heights.Max() - heights.Min() > 60);
        foreach (var line in svg.Descendants().Where(element => element.Attribute("points") is not null).SelectMany(Points))
        {
            Assert.InRange(line.X, 0, 960);
            Assert.InRange(line.Y, 0, 420);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 7)]
    [InlineData(3, -7)]
    public void Nothing_or_one_value_again_and_again_can_be_drawn(int count, double value)
    {
        var svg = Parse(SvgPlot.Document(Make() with { Points = [.. Enumerable.Range(0, count).Select(i => Point(i, value))] }));
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_series_keeps_its_peaks_and_stays_small()
    {
        var svg = SvgPlot.Document(Make() with { Points = [.. Enumerable.Range(0, 40_000).Select(i => Point(i, i == 23_456 ? 100 : i % 3))] });
        Assert.True(svg.Length < 100_000);
        var highest = Lines(Parse(svg), "uw-line uw-after").Single().Min(point => point.Y);
        Assert.True(highest < 90);
    }

    private static Plot Make() => new()
    {
        Title = "p95 <fail>",
        Sentence = "It got slower.",
        Points = [.. Enumerable.Range(-20, 40).Select(i => Point(i, i < 0 ? 1 : 2))],
        ChangeAt = ChangeAt,
    };

    private static PlotPoint Point(int minute, double value) =>
        new(ChangeAt + (60 * minute), value, new PlotRange(double.NaN, double.NaN), new PlotRange(double.NaN, double.NaN));

    private static XElement Parse(string svg) => XDocument.Parse(svg).Root!;

    private static XElement Only(XElement svg, string name) => svg.Elements().Single(element => element.Name.LocalName == name);

    private static string[] Texts(XElement svg) => [.. svg.Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    private static IEnumerable<(double X, double Y)[]> Lines(XElement svg, string style) =>
        svg.Elements().Where(element => element.Name.LocalName == "polyline" && element.Attribute("class")!.Value == style).Select(line => Points(line).ToArray());

    private static IEnumerable<(double X, double Y)> Points(XElement element) => element.Attribute("points")!.Value.Split(' ').Select(point =>
    {
        var parts = point.Split(',');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    });
}
