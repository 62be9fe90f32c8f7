using UpgradeWatch.Dashboards;

// Writes dashboards/ anew: dotnet run --project tests/UpgradeWatch.Dashboards -- dashboards
if (args is not [var folder])
{
    Console.Error.WriteLine("usage: UpgradeWatch.Dashboards FOLDER");
    return 2;
}

foreach (var (path, content) in DashboardFiles.All())
{
    var file = Path.Combine(folder, path);
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    await File.WriteAllTextAsync(file, content);
    Console.WriteLine(file);
}

return 0;
