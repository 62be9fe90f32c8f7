using System.Runtime.CompilerServices;

namespace UpgradeWatch.Tests.Helm.Rendering;

/// <summary>Where the chart is, and what these tests give it.</summary>
internal static class ChartPaths
{
    private static readonly string Here = Folder();

    /// <summary>The repository.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Here, "../../.."));

    /// <summary>The chart.</summary>
    public static string Chart { get; } = Path.Combine(Repository, "helm/upgradewatch");

    /// <summary>The chart of an application that carries the sidecar.</summary>
    public static string Shop { get; } = Path.Combine(Here, "Shop");

    /// <summary>The program that renders charts.</summary>
    public static string Renderer { get; } = Path.Combine(Here, "Renderer");

    /// <summary>Names of the sets of values.</summary>
    public static IReadOnlyList<string> ValueSets { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Here, "Values"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    /// <summary>A set of values.</summary>
    public static string Values(string set) => File.ReadAllText(Path.Combine(Here, "Values", $"{set}.yaml"));

    /// <summary>Whether a set of values is for the chart of an application.</summary>
    public static bool IsSidecar(string set) => set.StartsWith("sidecar", StringComparison.Ordinal);

    /// <summary>The schema of a kind that Kubernetes itself does not have.</summary>
    public static string Crd(string kind) => Path.Combine(Here, "Crds", $"{kind}.schema.json");

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, ".."));
}
