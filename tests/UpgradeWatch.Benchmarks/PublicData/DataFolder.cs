using System.Globalization;
using UpgradeWatch.Analysis.Offline;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>The public data, in the folder that UPGRADEWATCH_DATA names.</summary>
internal sealed class DataFolder
{
    private const string Variable = "UPGRADEWATCH_DATA";

    private static readonly Lazy<DataFolder?> Opened = new(() => Open(Console.Out));

    private DataFolder(string path)
    {
        Changes = ReadChanges(Path.Combine(path, "changes"));
        Microservice = [.. new[] { "train", "normal" }.SelectMany(name => ReadColumns(Path.Combine(path, "microservice", name + ".csv"), name))];
    }

    /// <summary>Changes with labels.</summary>
    public IReadOnlyList<LabelledChange> Changes { get; }

    /// <summary>Normal operation of a microservice.</summary>
    public IReadOnlyList<RealSeries> Microservice { get; }

    /// <summary>Prints a table from the data; where there is none, says so in words, once.</summary>
    public static void Print(Action<TextWriter, DataFolder> table)
    {
        if (Opened.Value is { } data) table(Console.Out, data);
    }

    private static DataFolder? Open(TextWriter output)
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(path) && Directory.Exists(Path.Combine(path, "changes"))) return new DataFolder(path);
        output.WriteLine(string.IsNullOrEmpty(path)
            ? $"The tables from public data are left out: {Variable} names no folder (the README says where to get it)."
            : $"The tables from public data are left out: {path}, which {Variable} names, has no folder \"changes\".");
        output.WriteLine();
        return null;
    }

    private static LabelledChange[] ReadChanges(string folder)
    {
        var labels = Rows(Path.Combine(folder, "labels.csv")).ToDictionary(cells => cells[0], cells => cells[1] == "1");
        return [.. Rows(Path.Combine(folder, "cases.csv")).Select(cells => new LabelledChange(
            new RealSeries(cells[0], [.. Rows(Path.Combine(folder, cells[1])).Select(row => new SeriesRow(Number(row[0]), Number(row[1])))]),
            Number(cells[2]),
            labels[cells[0]],
            (int)Number(cells[0]) / 2))];
    }

    private static IEnumerable<RealSeries> ReadColumns(string file, string name)
    {
        if (!File.Exists(file)) return [];
        var header = File.ReadLines(file).First().Split(',');
        var rows = Rows(file).ToArray();
        double[] times = [.. rows.Select(row => (DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - DateTimeOffset.UnixEpoch).TotalSeconds)];
        return Enumerable.Range(1, header.Length - 1).Select(column => new RealSeries(
            $"{name} {header[column].Trim()}",
            [.. rows.Select((row, index) => new SeriesRow(times[index], Number(row[column])))]));
    }

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(file).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','));

    private static double Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
}
