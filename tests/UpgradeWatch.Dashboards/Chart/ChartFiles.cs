namespace UpgradeWatch.Dashboards.Chart;

/// <summary>The files of the Helm chart that are written from others: copies of dashboards and rules, which it can only take from within itself, and the values in its README.</summary>
internal static class ChartFiles
{
    /// <summary>Path within the chart's folder and content of each.</summary>
    /// <param name="folder">The chart's folder, with its <c>values.yaml</c> and <c>README.md</c>.</param>
    public static IEnumerable<(string Path, string Content)> All(string folder)
    {
        foreach (var (path, content) in Copies()) yield return (path, content);
        yield return ("README.md", ValuesTable.Put(Read(folder, "README.md"), Read(folder, "values.yaml")));
    }

    /// <summary>The copies alone.</summary>
    public static IEnumerable<(string Path, string Content)> Copies() => DashboardFiles.All()
        .Select(file => (file.Path.EndsWith(".json", StringComparison.Ordinal) ? $"files/dashboards/{file.Path}" : $"files/{file.Path}", file.Content));

    private static string Read(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));
}
