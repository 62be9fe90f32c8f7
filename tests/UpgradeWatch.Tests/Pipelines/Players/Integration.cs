using System.Runtime.CompilerServices;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>The examples that are shipped, as they are but for where UpgradeWatch is.</summary>
internal static class Integration
{
    private const string ExampleUrl = "http://upgradewatch.monitoring.svc:8080";

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the GitHub action.</summary>
    public static string ActionFolder { get; } = Path.Combine(Root, ".github/actions/upgradewatch");

    /// <summary>A file of <c>helm/</c>.</summary>
    public static string Read(string file, string url) => File.ReadAllText(Path.Combine(Root, "helm", file)).Replace(ExampleUrl, url, StringComparison.Ordinal);

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../.."));
}
