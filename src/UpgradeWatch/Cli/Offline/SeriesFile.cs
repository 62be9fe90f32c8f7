using System.Globalization;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Cli.Offline;

/// <summary>
/// A series in CSV with a header: <c>timestamp,value</c> (gauge), <c>timestamp,errors,total</c> (ratio) or
/// <c>timestamp,&lt;bound&gt;,...,+Inf</c> (latency, events of the step at or below each bound).
/// </summary>
internal sealed record SeriesFile(Measure Measure, IReadOnlyList<double> Bounds, IReadOnlyList<SeriesRow> Rows)
{
    private const int MostRows = 5_000_000;
    private const string Headers = "timestamp,value (gauge), timestamp,errors,total (ratio), or timestamp,<bound>,...,+Inf (latency)";

    /// <summary>Reads a series.</summary>
    /// <param name="lines">The lines of the file, the header first.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="SeriesFormatException">It is not such a file; the message names line, value and what would be right.</exception>
    public static SeriesFile Read(IEnumerable<string> lines, string name)
    {
        SeriesFile? header = null;
        var (rows, number) = (new List<SeriesRow>(), 0);
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var cells = line.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries);
            if (header is null)
            {
                header = ReadHeader(cells) ?? throw Wrong($"the header is {Quoting.Show(line)}; write {Headers}");
                continue;
            }

            if (rows.Count == MostRows) throw Wrong($"there are more than {MostRows} rows");
            var width = header.Width;
            if (cells.Length != width) throw Wrong($"there are {cells.Length} columns; the header has {width}");
            var row = ReadRow(header, cells, Wrong);
            if (rows.Count > 0 && row.Timestamp <= rows[^1].Timestamp) throw Wrong($"the timestamp {Quoting.Show(cells[0])} is not after that of the row before; sort the rows by time, each time once");
            rows.Add(row);
        }

        if (header is null) throw new SeriesFormatException($"{name} is empty; write a header and rows: {Headers}");
        return rows.Count > 0 ? header with { Rows = rows } : throw new SeriesFormatException($"{name} has a header and no rows");

        SeriesFormatException Wrong(string message) => new($"{name}:{number}: {message}");
    }

    /// <summary>Tells when the series is not of the kind that somebody said it is.</summary>
    /// <param name="said">The kind; null for none said.</param>
    /// <param name="where">Who said it: the option or the column.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="SeriesFormatException">It is another.</exception>
    public SeriesFile Require(Measure? said, string where, string name)
    {
        if (said is null || said == Measure) return this;
        var found = Words.KindOf(Measure);
        throw new SeriesFormatException($"{name}:1: {where} is {Quoting.Show(Words.KindOf(said.Value))}, but the header is that of a {found}; write {found}, or another file");
    }

    /// <summary>What is to be judged.</summary>
    /// <param name="changeAt">When the change was, seconds since 1970.</param>
    /// <param name="direction">Which way is bad.</param>
    public SeriesInput InputOf(double changeAt, Direction direction) => new()
    {
        Rows = Rows,
        Bounds = Bounds,
        Measure = Measure,
        ChangeAt = changeAt,
        Unit = Measure switch { Measure.Ratio => "ratio", Measure.Buckets => "seconds", _ => "" },
        Name = Measure switch { Measure.Ratio => "error ratio", Measure.Buckets => "latency", _ => "value" },
        Direction = direction,
    };

    private int Width => Measure switch
    {
        Measure.Gauge => 2,
        Measure.Ratio => 3,
        _ => Bounds.Count + 1,
    };

    private static SeriesFile? ReadHeader(string[] cells)
    {
        if (cells is ["timestamp", "value"]) return new SeriesFile(Measure.Gauge, [], []);
        if (cells is ["timestamp", "errors", "total"]) return new SeriesFile(Measure.Ratio, [], []);
        if (cells is not ["timestamp", .., "+Inf"]) return null;
        var bounds = new List<double>();
        foreach (var cell in cells[1..^1])
        {
            if (Words.Number(cell) is not { } bound || bound <= bounds.LastOrDefault(double.NegativeInfinity)) return null;
            bounds.Add(bound);
        }

        return new SeriesFile(Measure.Buckets, [.. bounds, double.PositiveInfinity], []);
    }

    private static SeriesRow ReadRow(SeriesFile header, string[] cells, Func<string, Exception> wrong)
    {
        var time = Words.Time(cells[0]) ?? throw wrong($"the timestamp is {Quoting.Show(cells[0])}; {Words.TimeExpected}");
        var values = cells[1..].Select(cell => ReadValue(cell, wrong)).ToArray();
        switch (header.Measure)
        {
            case Measure.Gauge:
                return new SeriesRow(time, values[0]);
            case Measure.Ratio:
                if (values[0] < 0 || values[1] < 0 || values[0] > values[1]) throw wrong($"there are {cells[1]} errors of {cells[2]} events; write 0 to all events");
                return new SeriesRow(time, values[0], values[1]);
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] < (i == 0 ? 0 : values[i - 1])) throw wrong($"the bound {Bound(header.Bounds[i])} has {values[i]} events, fewer than the bound before; write cumulative counts");
                }

                return values.Any(double.IsNaN) ? new SeriesRow(time, double.NaN) : new SeriesRow(time, double.NaN, values[^1], values);
        }
    }

    private static string Bound(double bound) => double.IsFinite(bound) ? bound.ToString(CultureInfo.InvariantCulture) : "+Inf";

    /// <summary>A number; nothing and NaN are gaps.</summary>
    private static double ReadValue(string cell, Func<string, Exception> wrong) =>
        cell is "" or "NaN" or "nan" ? double.NaN
        : Words.Number(cell) ?? throw wrong($"the value is {Quoting.Show(cell)}; write a number, or nothing for a gap");
}
