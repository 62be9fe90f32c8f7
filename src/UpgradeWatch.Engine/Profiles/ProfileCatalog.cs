using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>The built-in profiles.</summary>
public static class ProfileCatalog
{
    /// <summary>Chooses the profile by the metrics the target has.</summary>
    public const string Auto = "auto";

    /// <summary>No profile: only SLIs of one's own.</summary>
    public const string Custom = "custom";

    /// <summary>
    /// All profiles. Where several fit a service the first wins: what the application says about itself comes before
    /// what stands in front of it.
    /// </summary>
    public static IReadOnlyList<Profile> All { get; } =
    [
        AspNetCoreProfile.Instance,
        SpringBootProfile.Instance,
        PrometheusNetProfile.Instance,
        OpenTelemetryHttpProfile.Instance,
        GrpcProfile.Instance,
        IstioProfile.Instance,
        NginxIngressProfile.Instance,
        PostgreSqlProfile.Instance,
    ];

    /// <summary>What may stand in <c>targets[].profile</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(profile => profile.Name), Custom, Auto];

    /// <summary>The profile with this name; null when there is none.</summary>
    public static Profile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>The profiles whose requests are among the metrics, the best first; a database's own come first for a database.</summary>
    public static IReadOnlyList<Profile> Fitting(IReadOnlySet<string> metricNames, TargetKind kind) =>
    [
        .. All.Where(profile => Fits(profile, metricNames))
            .OrderBy(profile => kind == TargetKind.Database && profile == PostgreSqlProfile.Instance ? 0 : 1),
    ];

    private static bool Fits(Profile profile, IReadOnlySet<string> metricNames) =>
        profile.Requests.Any(signal => signal.Exists(metricNames)) &&
        (profile.Signs.Count == 0 || metricNames.Any(name => profile.Signs.Any(sign => name.StartsWith(sign, StringComparison.Ordinal))));
}
