using System.Globalization;
using System.Net;
using System.Text;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Cli.Offline;

/// <summary>Draws a series with what was expected, the change and since when it is abnormal, as SVG.</summary>
internal static class SeriesPlot
{
    private const double Width = 960;
    private const double Height = 400;
    private const double Left = 72;
    private const double Right = 20;
    private const double Top = 64;
    private const double Bottom = 44;
    private const int Ticks = 8;

    /// <summary>The picture.</summary>
    /// <param name="result">What is drawn.</param>
    /// <param name="changeAt">Where the change is.</param>
    /// <param name="title">Shown above.</param>
    /// <param name="isQuantile">Whether the values are a quantile of a histogram.</param>
    public static string Draw(SeriesResult result, DateTimeOffset changeAt, string title, bool isQuantile)
    {
        var change = (changeAt - DateTimeOffset.UnixEpoch).TotalSeconds;
        var times = result.Band.Select(point => point.Timestamp).Append(change).ToArray();
        var values = result.Band.SelectMany(point => new[] { point.Value, point.Lower, point.Upper }).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var x = new Axis(times.Min(), times.Max(), Left, Width - Right);
        var y = Axis.Rounded(values.Min(), values.Max(), Height - Bottom, Top);
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" font-family="sans-serif" font-size="12" fill="#24292f">""");
        Add(svg, $"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        var finding = result.Finding;
        Add(svg, $"""<text x="{Left}" y="24" font-size="15" font-weight="bold">{Escape(title)}{(isQuantile ? ", quantile" : "")}: {finding.Status.ToText()} ({Escape(finding.Code)})</text>""");
        Add(svg, $"""<text x="{Left}" y="44">{Escape(Cut(finding.Reason))}</text>""");
        AddGrid(svg, x, y);
        AddFlagged(svg, result, x);
        AddBand(svg, result.Band, x, y);
        AddLine(svg, result.Band.Where(point => !point.IsAfter), x, y, "#57606a");
        AddLine(svg, result.Band.Where(point => point.IsAfter), x, y, "#0550ae");
        Add(svg, $"""<line x1="{x.At(change)}" y1="{Top}" x2="{x.At(change)}" y2="{Height - Bottom}" stroke="#8250df" stroke-width="1.5" stroke-dasharray="5 4"/>""");
        Add(svg, $"""<text x="{x.At(change)}" y="{Top - 5}" fill="#8250df" text-anchor="middle">change</text>""");
        return svg.Append("</svg>\n").ToString();
    }

    private static void AddGrid(StringBuilder svg, Axis x, Axis y)
    {
        foreach (var value in y.RoundValues(Ticks))
        {
            Add(svg, $"""<line x1="{Left}" y1="{y.At(value)}" x2="{Width - Right}" y2="{y.At(value)}" stroke="#eaeef2"/>""");
            Add(svg, $"""<text x="{Left - 8}" y="{y.At(value) + 4}" text-anchor="end">{Shown.Number(value)}</text>""");
        }

        var pattern = x.To - x.From > 86400 ? "MM-dd HH:mm" : x.To - x.From > 600 ? "HH:mm" : "HH:mm:ss";
        foreach (var time in x.RoundTimes(Ticks))
        {
            var shown = DateTimeOffset.UnixEpoch.AddSeconds(time).ToString(pattern, CultureInfo.InvariantCulture);
            Add(svg, $"""<line x1="{x.At(time)}" y1="{Height - Bottom}" x2="{x.At(time)}" y2="{Height - Bottom + 4}" stroke="#57606a"/>""");
            Add(svg, $"""<text x="{x.At(time)}" y="{Height - Bottom + 18}" text-anchor="middle">{shown}</text>""");
        }

        Add(svg, $"""<text x="{Width - Right}" y="{Height - 8}" text-anchor="end" fill="#57606a">UTC, shaded: expected</text>""");
    }

    private static void AddFlagged(StringBuilder svg, SeriesResult result, Axis x)
    {
        var since = result.Finding.Since is { } at ? (at - DateTimeOffset.UnixEpoch).TotalSeconds : result.FirstFlagged;
        if (since is not { } from) return;
        var label = result.Finding.Status is FindingStatus.Fail or FindingStatus.Warn ? "abnormal" : "unusual";
        var begin = x.At(Math.Clamp(from, x.From, x.To));
        Add(svg, $"""<rect x="{begin}" y="{Top}" width="{Math.Max(1, Width - Right - begin)}" height="{Height - Bottom - Top}" fill="#ffebe9"/>""");
        Add(svg, $"""<text x="{Width - Right - 4}" y="{Top + 14}" text-anchor="end" fill="#a40e26">{label}</text>""");
    }

    private static void AddBand(StringBuilder svg, IReadOnlyList<BandPoint> band, Axis x, Axis y)
    {
        var drawn = band.Where(point => double.IsFinite(point.Lower) && double.IsFinite(point.Upper)).ToArray();
        if (drawn.Length == 0) return;
        var upper = drawn.Select(point => $"{x.At(point.Timestamp)},{y.At(point.Upper)}");
        var lower = drawn.Reverse().Select(point => $"{x.At(point.Timestamp)},{y.At(point.Lower)}");
        Add(svg, $"""<polygon points="{string.Join(' ', upper.Concat(lower))}" fill="#1a7f37" fill-opacity="0.15"/>""");
    }

    /// <summary>A gap ends the line; a step between two gaps is a dot.</summary>
    private static void AddLine(StringBuilder svg, IEnumerable<BandPoint> points, Axis x, Axis y, string colour)
    {
        var stretch = new List<string>();
        foreach (var point in points)
        {
            if (double.IsFinite(point.Value)) stretch.Add($"{x.At(point.Timestamp)},{y.At(point.Value)}");
            else Flush();
        }

        Flush();

        void Flush()
        {
            if (stretch.Count == 1) stretch.Add(stretch[0]);
            if (stretch.Count > 0) Add(svg, $"""<polyline points="{string.Join(' ', stretch)}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linecap="round"/>""");
            stretch.Clear();
        }
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Cut(string text) => text.Length <= 140 ? text : text[..139] + "…";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
