namespace UpgradeWatch.Benchmarks;

/// <summary>Writes a table that can be read as it is and pasted into Markdown.</summary>
internal sealed class MarkdownTable
{
    private readonly TextWriter _output;
    private readonly int[] _widths;

    /// <param name="output">Where to.</param>
    /// <param name="columns">The headings; a column is as wide as its heading, and at least 6.</param>
    public MarkdownTable(TextWriter output, params string[] columns)
    {
        _output = output;
        _widths = Array.ConvertAll(columns, column => Math.Max(6, column.Length));
        Add(columns);
        _output.WriteLine($"|{string.Concat(_widths.Select(width => $"{new string('-', width + 1)}:|"))}");
    }

    /// <summary>Writes a row.</summary>
    public void Add(params string[] cells)
    {
        _output.WriteLine($"|{string.Concat(cells.Select((cell, i) => $" {cell.PadLeft(_widths[i])} |"))}");
        _output.Flush();
    }

    /// <summary>A share in percent.</summary>
    public static string Share(int count, int of) => $"{(double)count / of:0.0%}";
}
