using System.Globalization;
using System.Net;
using System.Text;

namespace UpgradeWatch.Plots;

/// <summary>Draws a series around a change as SVG: for a file of its own, or as part of a page.</summary>
internal static class SvgPlot
{
    /// <summary>The colours, by class, on light and on dark; a page with pictures in it has this in its style sheet.</summary>
    public const string Style = """
        .uw-plot{font:12px system-ui,sans-serif}
        .uw-plot text{fill:#1f2328}.uw-plot .uw-title{font-size:15px;font-weight:600}.uw-plot .uw-quiet{fill:#59636e}
        .uw-back{fill:#ffffff}.uw-grid{stroke:#d8dee4;stroke-width:1}.uw-frame{stroke:#818b98;stroke-width:1}
        .uw-line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}.uw-before{stroke:#59636e}.uw-after{stroke:#0550ae}
        .uw-expected{fill:#1a7f37;fill-opacity:.22}.uw-placebo{fill:#1a7f37;fill-opacity:.09}.uw-edge{fill:none;stroke:#1a7f37;stroke-width:1;stroke-dasharray:2 3}
        .uw-flag{fill:#cf222e;fill-opacity:.12}.uw-plot .uw-flagtext{fill:#a40e26;font-weight:600}
        .uw-change{stroke:#8250df;stroke-width:1.6;stroke-dasharray:6 4}.uw-plot .uw-changetext{fill:#6639ba;font-weight:600}
        @media (prefers-color-scheme:dark){
        .uw-plot text{fill:#f0f6fc}.uw-plot .uw-quiet{fill:#9198a1}
        .uw-back{fill:#0d1117}.uw-grid{stroke:#2f353d}.uw-frame{stroke:#656c76}
        .uw-before{stroke:#9198a1}.uw-after{stroke:#58a6ff}
        .uw-expected{fill:#3fb950;fill-opacity:.28}.uw-placebo{fill:#3fb950;fill-opacity:.13}.uw-edge{stroke:#3fb950}
        .uw-flag{fill:#f85149;fill-opacity:.2}.uw-plot .uw-flagtext{fill:#ff7b72}
        .uw-change{stroke:#a371f7}.uw-plot .uw-changetext{fill:#bc8cff}
        }
        """;

    private const double Width = 960;
    private const double Height = 420;
    private const double Left = 76;
    private const double Right = 24;
    private const double Bottom = 62;
    private const double LineHeight = 17;
    private const int Ticks = 8;
    private const int LettersInLine = 138;
    private const int MostLines = 3;

    /// <summary>A picture with its colours, for a file.</summary>
    public static string Document(Plot plot) => Draw(plot, Style);

    /// <summary>A picture to be put into a page that has the <see cref="Style"/>.</summary>
    public static string Fragment(Plot plot) => Draw(plot, null);

    private static string Draw(Plot plot, string? style)
    {
        var lines = Wrap(plot.Sentence);
        var top = 46 + lines.Count * LineHeight;
        var (x, y) = (TimeAxis(plot), ValueAxis(plot, top));
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" class="uw-plot" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" aria-labelledby="{Escape(plot.Id)}-title {Escape(plot.Id)}-desc">""");
        Add(svg, $"""<title id="{Escape(plot.Id)}-title">{Escape(plot.Title)}</title>""");
        Add(svg, $"""<desc id="{Escape(plot.Id)}-desc">{Escape(Describe(plot))}</desc>""");
        if (style is not null) svg.Append("<style>").Append(style).Append("</style>\n");
        Add(svg, $"""<rect class="uw-back" width="{Width}" height="{Height}"/>""");
        Add(svg, $"""<text class="uw-title" x="16" y="24">{Escape(plot.Title)}</text>""");
        for (var i = 0; i < lines.Count; i++) Add(svg, $"""<text x="16" y="{44 + i * LineHeight}">{Escape(lines[i])}</text>""");
        AddFlag(svg, plot, x, top);
        AddGrid(svg, plot, x, y);
        var series = new SvgSeries(svg, x, y);
        series.AddRange(plot.Points, point => point.Placebo, "uw-placebo", "uw-edge");
        series.AddRange(plot.Points, point => point.Expected, "uw-expected", null);
        series.AddLine([.. plot.Points.Where(point => point.Time < plot.ChangeAt)], "uw-line uw-before");
        series.AddLine([.. plot.Points.Where(point => point.Time >= plot.ChangeAt)], "uw-line uw-after");
        AddChange(svg, plot, x, top);
        AddLegend(svg, plot);
        return svg.Append("</svg>\n").ToString();
    }

    private static Axis TimeAxis(Plot plot)
    {
        double[] times = [.. plot.Points.Select(point => point.Time), plot.ChangeAt];
        return new Axis(times.Min(), times.Max(), Left, Width - Right);
    }

    /// <summary>The values decide; ranges are drawn as far as they fit into three times as much.</summary>
    private static Axis ValueAxis(Plot plot, double top)
    {
        double[] values = [.. plot.Points.Select(point => point.Value).Where(double.IsFinite)];
        var (least, most) = values.Length == 0 ? (0, 0) : (values.Min(), values.Max());
        var room = most > least ? most - least : Math.Abs(most);
        foreach (var range in plot.Points.SelectMany(point => new[] { point.Expected, point.Placebo }).Where(range => range.IsKnown))
        {
            (least, most) = (Math.Min(least, range.Lower), Math.Max(most, range.Upper));
        }

        if (values.Length > 0) (least, most) = (Math.Max(least, values.Min() - room), Math.Min(most, values.Max() + room));
        return Axis.Rounded(least, most, Height - Bottom, top);
    }

    private static void AddGrid(StringBuilder svg, Plot plot, Axis x, Axis y)
    {
        var distance = y.RoundDistance(Ticks);
        var scale = ValueScale.For(plot.Unit, Math.Max(Math.Abs(y.From), Math.Abs(y.To)));
        foreach (var value in y.Multiples(distance))
        {
            Add(svg, $"""<line class="uw-grid" x1="{Left}" y1="{y.At(value)}" x2="{Width - Right}" y2="{y.At(value)}"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{y.At(value) + 4}" text-anchor="end">{scale.Format(value, distance)}</text>""");
        }

        var pattern = x.To - x.From > 86400 ? "MM-dd HH:mm" : x.To - x.From > 600 ? "HH:mm" : "HH:mm:ss";
        foreach (var time in x.Multiples(x.TimeDistance(Ticks)))
        {
            Add(svg, $"""<line class="uw-frame" x1="{x.At(time)}" y1="{y.Begin}" x2="{x.At(time)}" y2="{y.Begin + 5}"/>""");
            Add(svg, $"""<text x="{x.At(time)}" y="{y.Begin + 19}" text-anchor="middle">{Clock(time, pattern)}</text>""");
        }

        Add(svg, $"""<line class="uw-frame" x1="{Left}" y1="{y.Begin}" x2="{Width - Right}" y2="{y.Begin}"/>""");
        if (plot.Unit is not ("" or "ratio" or "seconds" or "bytes")) Add(svg, $"""<text class="uw-quiet" x="{Left}" y="{y.End - 6}">{Escape(plot.Unit.Replace('_', ' '))}</text>""");
        Add(svg, $"""<text class="uw-quiet" x="{Width - Right}" y="{Height - 12}" text-anchor="end">{Clock(x.From, "yyyy-MM-dd")}, UTC</text>""");
    }

    private static void AddFlag(StringBuilder svg, Plot plot, Axis x, double top)
    {
        if (plot.Flagged is not { } flagged) return;
        var (begin, end) = (x.At(flagged.From), x.At(flagged.To));
        Add(svg, $"""<rect class="uw-flag" x="{begin}" y="{top}" width="{Math.Max(1, end - begin)}" height="{Height - Bottom - top}"/>""");
        Add(svg, $"""<text class="uw-flagtext" x="{Math.Max(end, Left + 60) - 4}" y="{top - 6}" text-anchor="end">{Escape(flagged.Label)}</text>""");
    }

    private static void AddChange(StringBuilder svg, Plot plot, Axis x, double top)
    {
        var at = x.At(plot.ChangeAt);
        Add(svg, $"""<line class="uw-change" x1="{at}" y1="{top}" x2="{at}" y2="{Height - Bottom}"/>""");
        Add(svg, $"""<text class="uw-changetext" x="{at}" y="{top - 6}" text-anchor="middle">{Escape(plot.ChangeLabel)}</text>""");
    }

    private static void AddLegend(StringBuilder svg, Plot plot)
    {
        var at = Left;
        Line("uw-line uw-before", "before");
        Line("uw-line uw-after", "after");
        if (plot.Points.Any(point => point.Expected.IsKnown)) Box("uw-expected", null, "expected");
        if (plot.Points.Any(point => point.Placebo.IsKnown)) Box("uw-placebo", "uw-edge", "as far as it strays when nothing is changed");

        void Line(string style, string text)
        {
            Add(svg, $"""<line class="{style}" x1="{at}" y1="{Height - 16}" x2="{at + 20}" y2="{Height - 16}"/>""");
            Text(text);
        }

        void Box(string style, string? edge, string text)
        {
            Add(svg, $"""<rect class="{style}" x="{at}" y="{Height - 22}" width="20" height="12"/>""");
            if (edge is not null) Add(svg, $"""<path class="{edge}" d="M{at} {Height - 22}h20M{at} {Height - 10}h20"/>""");
            Text(text);
        }

        void Text(string text)
        {
            Add(svg, $"""<text class="uw-quiet" x="{at + 26}" y="{Height - 12}">{text}</text>""");
            at += 52 + 6.2 * text.Length;
        }
    }

    private static string Describe(Plot plot)
    {
        var before = plot.Points.Count(point => point.Time < plot.ChangeAt);
        var flagged = plot.Flagged is { } stretch ? $" {stretch.Label} from {Clock(stretch.From, "HH:mm")} to {Clock(stretch.To, "HH:mm")}." : "";
        return $"{plot.Sentence} {before} values before the {plot.ChangeLabel} at {Clock(plot.ChangeAt, "yyyy-MM-dd HH:mm")} UTC, {plot.Points.Count - before} after it.{flagged}".Trim();
    }

    private static List<string> Wrap(string text)
    {
        var lines = new List<string>();
        var rest = text.ReplaceLineEndings(" ").Trim();
        while (rest.Length > LettersInLine && lines.Count < MostLines - 1)
        {
            var space = rest.LastIndexOf(' ', LettersInLine);
            var cut = space > LettersInLine / 2 ? space : LettersInLine;
            lines.Add(rest[..cut]);
            rest = rest[cut..].TrimStart();
        }

        if (rest.Length > LettersInLine) rest = rest[..(LettersInLine - 1)] + "…";
        if (rest.Length > 0) lines.Add(rest);
        return lines;
    }

    private static string Clock(double time, string pattern) => DateTimeOffset.UnixEpoch.AddSeconds(time).ToString(pattern, CultureInfo.InvariantCulture);

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
