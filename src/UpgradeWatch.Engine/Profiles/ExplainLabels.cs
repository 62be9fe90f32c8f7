namespace UpgradeWatch.Engine.Profiles;

/// <summary>The labels by which a finding is broken down to say where it is.</summary>
public static class ExplainLabels
{
    /// <summary>So many labels at most.</summary>
    public const int Most = 16;

    /// <summary>What says where something runs, whatever it is.</summary>
    private static readonly string[] Places =
        ["version", "service_version", "zone", "topology_kubernetes_io_zone", "pod", "instance"];

    /// <summary>What requests are usually told apart by, where no profile says so.</summary>
    private static readonly string[] Usual =
        ["route", "path", "handler", "status", "code", "status_code", "error_type", "reason", "method"];

    /// <summary>The configured labels, or those of a profile; a label that no series has does no harm.</summary>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="configured">The configured labels; null for the profile's.</param>
    public static IReadOnlyList<string> Of(string profile, IReadOnlyList<string>? configured) =>
        configured ?? [.. (ProfileCatalog.Find(profile)?.ExplainBy is { Count: > 0 } own ? own : Usual).Concat(Places).Take(Most)];
}
