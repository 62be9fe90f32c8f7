using System.Text;

namespace UpgradeWatch.Cli.Offline;

/// <summary>Lines of CSV (RFC 4180): cells in quotes may hold commas and doubled quotes.</summary>
internal static class Csv
{
    /// <summary>The cells of a line, trimmed where they are not in quotes; null when a quote is not closed or comes in the middle of a cell.</summary>
    public static string[]? Split(string line)
    {
        if (!line.Contains('"')) return line.Split(',', StringSplitOptions.TrimEntries);
        var cells = new List<string>();
        for (var at = 0; ; at++)
        {
            while (at < line.Length && line[at] == ' ') at++;
            var cell = at < line.Length && line[at] == '"' ? Quoted(line, ref at) : Plain(line, ref at);
            if (cell is null) return null;
            cells.Add(cell);
            if (at >= line.Length) return [.. cells];
        }
    }

    /// <summary>A line of these cells.</summary>
    public static string Join(params IEnumerable<string> cells) => string.Join(',', cells.Select(Cell));

    private static string Cell(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.AsSpan().ContainsAny(',', '"') ? $"\"{line.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : line;
    }

    private static string? Plain(string line, ref int at)
    {
        var end = line.IndexOf(',', at);
        if (end < 0) end = line.Length;
        var cell = line[at..end].Trim();
        at = end;
        return cell.Contains('"') ? null : cell;
    }

    private static string? Quoted(string line, ref int at)
    {
        var cell = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                cell.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else
            {
                at++;
                while (at < line.Length && line[at] == ' ') at++;
                return at == line.Length || line[at] == ',' ? cell.ToString() : null;
            }
        }

        return null;
    }
}
