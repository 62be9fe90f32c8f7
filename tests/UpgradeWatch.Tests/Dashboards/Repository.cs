using System.Runtime.CompilerServices;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>Files of the repository that these tests hold.</summary>
internal static class Repository
{
    /// <summary>The folder <c>dashboards/</c>.</summary>
    public static string Dashboards { get; } = Path.Combine(Root(), "dashboards");

    /// <summary>The tests of the rules.</summary>
    public static IReadOnlyList<string> RuleTests { get; } = [.. Directory.EnumerateFiles(Path.Combine(Root(), "tests/UpgradeWatch.Tests/Dashboards/Rules"), "*.test.yaml").Order(StringComparer.Ordinal)];

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
