namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>Reads what the cases really were: <c>case,label</c>, 1 for abnormal and 0 for normal.</summary>
internal static class LabelFile
{
    private static readonly string[] Columns = ["case", "label"];

    /// <summary>Whether each labelled case was abnormal, by its name.</summary>
    /// <param name="file">The labels.</param>
    /// <param name="cases">The cases that there are.</param>
    /// <param name="casesFile">What the list of cases is called in messages.</param>
    /// <param name="mistakes">Everything that is wrong with it, each with its line.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, bool> Read(string file, IReadOnlyList<BacktestCase> cases, string casesFile, out IReadOnlyList<string> mistakes)
    {
        var table = new CsvTable(file);
        var known = cases.Select(one => one.Name).ToHashSet();
        var labels = new Dictionary<string, bool>();
        foreach (var row in table.Read(File.ReadLines(file), Columns))
        {
            if (!known.Contains(row["case"])) row.Refuse("case", $"{casesFile} has no such case; leave the line out, or add the case");
            else if (row["label"] is not ("0" or "1")) row.Refuse("label", "write 1 for abnormal or 0 for normal");
            else if (!labels.TryAdd(row["case"], row["label"] == "1")) row.Refuse("case", "it has a label already; write each case once");
        }

        if (labels.Count == 0 && table.Mistakes.Count == 0) table.Add(1, "there is a header and no rows; write a row for each case");
        mistakes = table.Mistakes;
        return labels;
    }
}
