namespace UpgradeWatch.Cli.Client;

/// <summary>The routes of the API, relative to the server's address.</summary>
internal static class ApiRoutes
{
    private const string Root = "api/v1";

    public static string Upgrades => $"{Root}/upgrades";

    public static string Upgrade(string id) => $"{Root}/upgrades/{Uri.EscapeDataString(id)}";

    public static string NewestOf(string target) => $"{Root}/upgrades?target={Uri.EscapeDataString(target)}&limit=1";

    public static string Phase(string id) => $"{Upgrade(id)}/phase";

    public static string Verdict(string id) => $"{Upgrade(id)}/verdict";

    public static string VerdictOfTarget(string target) => $"{Root}/targets/{Uri.EscapeDataString(target)}/verdict";

    public static string Acknowledge(string id, string sli) => $"{Upgrade(id)}/findings/{Uri.EscapeDataString(sli)}/acknowledge";

    public static string Hook => $"{Root}/hooks/generic";

    public static string Checklist(string id) => $"{Upgrade(id)}/checklist";

    public static string Item(string id, string item) => $"{Checklist(id)}/{Uri.EscapeDataString(item)}";
}
