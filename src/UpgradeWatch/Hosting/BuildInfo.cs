using System.Reflection;

namespace UpgradeWatch.Hosting;

/// <summary>What this executable is.</summary>
internal static class BuildInfo
{
    /// <summary>Version without the build's hash.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
