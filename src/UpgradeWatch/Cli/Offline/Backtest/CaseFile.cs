using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>Reads the list of cases: <c>case,file,change_at,kind,direction</c>, and <c>sli</c> if wanted.</summary>
internal static class CaseFile
{
    private static readonly string[] Columns = ["case", "file", "change_at", "kind", "direction"];

    /// <summary>The cases in the order of the file.</summary>
    /// <param name="file">The list; the files of its series are relative to it.</param>
    /// <param name="settings">Where the SLIs are that it names.</param>
    /// <param name="mistakes">Everything that is wrong with it, each with its line.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<BacktestCase> Read(string file, OfflineSettings settings, out IReadOnlyList<string> mistakes)
    {
        var table = new CsvTable(file);
        var folder = Path.GetDirectoryName(file) ?? "";
        var cases = new List<BacktestCase>();
        var names = new Dictionary<string, int>();
        foreach (var row in table.Read(File.ReadLines(file), Columns, "sli"))
        {
            if (!CheckName(row, names) || ReadCase(row, folder, settings) is not { } one) continue;
            cases.Add(one);
        }

        if (names.Count == 0 && table.Mistakes.Count == 0) table.Add(1, "there is a header and no rows; write a row for each case");
        mistakes = table.Mistakes;
        return cases;
    }

    private static bool CheckName(CsvRow row, Dictionary<string, int> names)
    {
        if (row["case"].Length == 0)
        {
            row.Refuse("case", "write a name, each once");
            return false;
        }

        if (names.TryAdd(row["case"], row.Line)) return true;
        row.Refuse("case", $"line {names[row["case"]]} has it too; write each case once");
        return false;
    }

    private static BacktestCase? ReadCase(CsvRow row, string folder, OfflineSettings settings)
    {
        var changeAt = Words.Time(row["change_at"]);
        var kind = Array.IndexOf(Words.Kinds, row["kind"]);
        var direction = Array.IndexOf(Words.Directions, row["direction"]);
        var right = "";
        var sli = default(Engine.Options.SliOptions);
        var knowsSli = row["sli"].Length == 0 || settings.TryFind(row["sli"], out sli, out right);
        if (row["file"].Length == 0) row.Refuse("file", "write the path of the series, relative to this file");
        if (changeAt is null) row.Refuse("change_at", Words.TimeExpected);
        if (kind < 0) row.Refuse("kind", $"write one of {string.Join(", ", Words.Kinds)}");
        if (direction < 0) row.Refuse("direction", $"write one of {string.Join(", ", Words.Directions)}");
        if (!knowsSli) row.Refuse("sli", right);
        if (row["file"].Length == 0 || changeAt is null || kind < 0 || direction < 0 || !knowsSli) return null;
        return new BacktestCase
        {
            Name = row["case"],
            Line = row.Line,
            Path = Path.Combine(folder, row["file"]),
            ChangeAt = changeAt.Value,
            InSeconds = Words.Number(row["change_at"]) is not null,
            Measure = Words.MeasureOf(row["kind"])!.Value,
            Direction = (Direction)direction,
            Sli = sli,
        };
    }
}
