using UpgradeWatch.Security;

namespace UpgradeWatch.Http.Hooks;

/// <summary>Who is recorded for what a tool tells.</summary>
internal static class HookCaller
{
    /// <summary>The tool, and whose token it has.</summary>
    public static string NameOf(HttpContext context, string tool) => Visitor.Of(context).Name is { } name ? $"{tool} ({name})" : tool;
}
