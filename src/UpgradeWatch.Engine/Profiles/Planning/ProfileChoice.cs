using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>The profile of a target and why it is this one.</summary>
internal sealed record ProfileChoice
{
    /// <summary>The profile; null when there are only SLIs of one's own, or with <see cref="Failure"/>.</summary>
    public Profile? Profile { get; private init; }

    /// <summary>One sentence for people.</summary>
    public string Explanation { get; private init; } = "";

    /// <summary>Why there is no choice; null when there is.</summary>
    public SourceFailure? Failure { get; private init; }

    public static ProfileChoice Make(TargetOptions target, IReadOnlySet<string> metricNames)
    {
        switch (target.Profile)
        {
            case ProfileCatalog.Custom:
                return new ProfileChoice { Explanation = "Profile custom is configured: only the target's own SLIs." };
            case ProfileCatalog.Auto:
                return Automatic(target, metricNames);
            default:
                return ProfileCatalog.Find(target.Profile) is { } profile
                    ? new ProfileChoice { Profile = profile, Explanation = $"Profile {profile.Name} is configured." }
                    : Fail(SourceFailureKind.Refused, $"targets[{target.Name}].profile: {target.Profile} is not a profile; one of {string.Join(", ", ProfileCatalog.Names)} is.");
        }
    }

    private static ProfileChoice Automatic(TargetOptions target, IReadOnlySet<string> metricNames)
    {
        var fitting = ProfileCatalog.Fitting(metricNames, target.Kind);
        if (fitting.Count > 0) return new ProfileChoice { Profile = fitting[0], Explanation = Reason(fitting, metricNames) };

        if (target.Slis.Any(SliChanges.Defines))
        {
            return new ProfileChoice { Explanation = "No profile fits the target's metrics: only its own SLIs." };
        }

        var looked = string.Join(", ", ProfileCatalog.All.Select(profile => $"{profile.Name} ({profile.Requests[0].MainMetric()})"));
        return Fail(
            SourceFailureKind.Empty,
            $"No profile fits the metrics of target {target.Name}. Looked for {looked}. {NearNames.Sentence(metricNames)} " +
            "Check the target's labels, name its profile, or give SLIs of its own.");
    }

    private static string Reason(IReadOnlyList<Profile> fitting, IReadOnlySet<string> metricNames)
    {
        var metric = fitting[0].Requests.First(signal => signal.Exists(metricNames)).MainMetric();
        var others = fitting.Count == 1 ? "no other fits" : $"{string.Join(", ", fitting.Skip(1).Select(profile => profile.Name))} would fit too";
        return $"Profile {fitting[0].Name} was chosen because the target has {metric}; {others}.";
    }

    private static ProfileChoice Fail(SourceFailureKind kind, string message) => new() { Failure = new SourceFailure(kind, message) };
}
