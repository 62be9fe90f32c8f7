using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Cli.Offline;

/// <summary>A CSV file with a header whose columns may come in any order.</summary>
/// <param name="name">What the file is called in messages.</param>
internal sealed class CsvTable(string name)
{
    private const int MostMistakes = 20;
    private readonly List<string> _mistakes = [];

    /// <summary>What is wrong with the file so far, each with its line.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Reads the rows; those that cannot be read are told as mistakes.</summary>
    /// <param name="lines">The lines, the header first.</param>
    /// <param name="columns">The columns that there must be.</param>
    /// <param name="optional">Columns that there may be.</param>
    public IEnumerable<CsvRow> Read(IEnumerable<string> lines, IReadOnlyList<string> columns, params IReadOnlyList<string> optional)
    {
        string[]? header = null;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var cells = Csv.Split(line.TrimStart('\uFEFF'));
            if (cells is null)
            {
                Add(number, $"a quote is not closed in {Quoting.Show(line)}; write \"text\" or text");
            }
            else if (header is null)
            {
                header = cells;
                if (!CheckHeader(header, number, columns, optional)) yield break;
            }
            else if (cells.Length != header.Length)
            {
                Add(number, $"there are {cells.Length} columns; the header has {header.Length}");
            }
            else
            {
                yield return new CsvRow(this, number, header, cells);
            }
        }

        if (header is null) _mistakes.Add($"{name} is empty; write a header {string.Join(',', columns)} and rows");
    }

    /// <summary>Tells a mistake.</summary>
    public void Add(int line, string message)
    {
        if (_mistakes.Count < MostMistakes) _mistakes.Add($"{name}:{line}: {message}");
        else if (_mistakes.Count == MostMistakes) _mistakes.Add($"{name}: there are more mistakes than these {MostMistakes}");
    }

    private bool CheckHeader(string[] header, int number, IReadOnlyList<string> columns, IReadOnlyList<string> optional)
    {
        string[] missing = [.. columns.Except(header)];
        string[] unknown = [.. header.Except(columns).Except(optional)];
        string[] doubled = [.. header.GroupBy(column => column).Where(group => group.Count() > 1).Select(group => group.Key)];
        var right = $"write {string.Join(',', columns)}" + (optional.Count == 0 ? "" : $", and {string.Join(", ", optional)} if wanted");
        if (missing.Length > 0) Add(number, $"the column {string.Join(", ", missing)} is missing; {right}");
        if (unknown.Length > 0) Add(number, $"{Quoting.Show(unknown[0])} is not a column here; {right}");
        if (doubled.Length > 0) Add(number, $"the column {doubled[0]} is there twice; {right}");
        return _mistakes.Count == 0;
    }
}

/// <summary>One row of a table.</summary>
internal sealed class CsvRow(CsvTable table, int line, string[] header, string[] cells)
{
    /// <summary>The line in the file, from 1.</summary>
    public int Line => line;

    /// <summary>A cell; empty when there is no such column.</summary>
    public string this[string column] => Array.IndexOf(header, column) is >= 0 and var index ? cells[index] : "";

    /// <summary>Tells what is wrong with a cell.</summary>
    /// <param name="column">The column.</param>
    /// <param name="right">What to write instead.</param>
    public void Refuse(string column, string right) => table.Add(line, $"{column} is {Quoting.Show(this[column])}; {right}");
}
