using UpgradeWatch.Dashboards;
using UpgradeWatch.Dashboards.Chart;

// Writes dashboards/ and what the chart has of them anew: dotnet run --project tests/UpgradeWatch.Dashboards -- dashboards helm/upgradewatch
if (args is not ([_] or [_, _]))
{
    Console.Error.WriteLine("usage: UpgradeWatch.Dashboards FOLDER [CHART]");
    return 2;
}

await WriteAsync(args[0], DashboardFiles.All());
if (args is [_, var chart]) await WriteAsync(chart, ChartFiles.All(chart));
return 0;

static async Task WriteAsync(string folder, IEnumerable<(string Path, string Content)> files)
{
    foreach (var (path, content) in files)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, content);
        Console.WriteLine(file);
    }
}
