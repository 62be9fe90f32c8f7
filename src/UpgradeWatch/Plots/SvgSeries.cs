using System.Globalization;
using System.Text;

namespace UpgradeWatch.Plots;

/// <summary>Writes lines and ranges into a picture. A gap ends them; a value between two gaps is a dot.</summary>
internal sealed class SvgSeries(StringBuilder svg, Axis x, Axis y)
{
    /// <summary>More points than this in one line cannot be told apart.</summary>
    private const int MostPoints = 1600;

    /// <summary>The values.</summary>
    public void AddLine(IReadOnlyList<PlotPoint> points, string style)
    {
        foreach (var stretch in Stretches(points, point => double.IsFinite(point.Value)))
        {
            var thinned = Thin(stretch);
            if (thinned.Count == 1) thinned.Add(thinned[0]);
            Add($"""<polyline class="{style}" points="{string.Join(' ', thinned.Select(point => At(point.Time, point.Value)))}"/>""");
        }
    }

    /// <summary>A range for each value, filled, and with lines at its ends where those have a style.</summary>
    public void AddRange(IReadOnlyList<PlotPoint> points, Func<PlotPoint, PlotRange> rangeOf, string style, string? edge)
    {
        foreach (var stretch in Stretches(points, point => rangeOf(point).IsKnown))
        {
            var every = Math.Max(1, stretch.Count / (MostPoints / 2));
            PlotPoint[] kept = [.. stretch.Where((_, index) => index % every == 0 || index == stretch.Count - 1)];
            string[] upper = [.. kept.Select(point => At(point.Time, rangeOf(point).Upper))];
            string[] lower = [.. kept.Select(point => At(point.Time, rangeOf(point).Lower))];
            Add($"""<polygon class="{style}" points="{string.Join(' ', upper.Concat(lower.Reverse()))}"/>""");
            if (edge is null) continue;
            Add($"""<polyline class="{edge}" points="{string.Join(' ', upper)}"/>""");
            Add($"""<polyline class="{edge}" points="{string.Join(' ', lower)}"/>""");
        }
    }

    private static IEnumerable<List<PlotPoint>> Stretches(IReadOnlyList<PlotPoint> points, Predicate<PlotPoint> isThere)
    {
        var stretch = new List<PlotPoint>();
        foreach (var point in points)
        {
            if (isThere(point))
            {
                stretch.Add(point);
            }
            else if (stretch.Count > 0)
            {
                yield return stretch;
                stretch = [];
            }
        }

        if (stretch.Count > 0) yield return stretch;
    }

    /// <summary>The least and the most of every few values, so that no peak is lost.</summary>
    private static List<PlotPoint> Thin(List<PlotPoint> points)
    {
        if (points.Count <= MostPoints) return points;
        var size = (int)Math.Ceiling(2.0 * points.Count / MostPoints);
        return [.. points.Chunk(size).SelectMany(chunk => new[] { chunk.MinBy(point => point.Value), chunk.MaxBy(point => point.Value) }.OrderBy(point => point.Time))];
    }

    private string At(double time, double value) => string.Create(CultureInfo.InvariantCulture, $"{x.At(time)},{y.At(value)}");

    private void Add(string line) => svg.Append(line).Append('\n');
}
