using UpgradeWatch.Dashboards;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>What is shipped is what is described.</summary>
public sealed class DashboardFileTests
{
    public static TheoryData<string> Paths => [.. DashboardFiles.All().Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_file_is_as_it_is_described(string path)
    {
        var described = DashboardFiles.All().Single(file => file.Path == path).Content;
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Dashboards, path));

        Assert.True(described == shipped, $"dashboards/{path} differs from its description: dotnet run --project tests/UpgradeWatch.Dashboards -- dashboards helm/upgradewatch");
    }

    [Fact]
    public void No_dashboard_is_left_over()
    {
        var shipped = Directory.EnumerateFiles(Repository.Dashboards, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Dashboards, file));

        Assert.Equal(DashboardFiles.Boards.Select(board => $"{board.Uid}.json").Order(StringComparer.Ordinal), shipped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_alert_has_a_page_in_the_runbook()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Dashboards, "../README.md"));

        foreach (var alert in UpgradeWatch.Dashboards.Alerting.Alerts.All) Assert.Contains($"\n#### {alert.Name}\n", readme, StringComparison.Ordinal);
    }
}
