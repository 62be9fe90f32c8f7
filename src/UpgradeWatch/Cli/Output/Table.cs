namespace UpgradeWatch.Cli.Output;

/// <summary>Text in columns for people.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row; nothing is shown as a dash.</summary>
    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => string.IsNullOrEmpty(cell) ? "-" : cell.ReplaceLineEndings(" "))]);

    /// <summary>Writes the table, each line after an indent.</summary>
    public void Write(TextWriter output, string indent = "")
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            output.WriteLine(indent + string.Join("  ", cells).TrimEnd());
        }
    }
}
