using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>targets[]</c>.</summary>
internal static class TargetDescription
{
    private const int MostTargets = 500;
    private const int MostSlis = 100;

    private static readonly ChoiceShape<TargetKind> Kinds = new(("service", TargetKind.Service), ("database", TargetKind.Database), ("other", TargetKind.Other));

    private static readonly MappingShape<TargetOptions> Scrape = new(
        new TargetOptions { Name = "" },
        new Key<TargetOptions, Uri>("url", new UrlShape("http://127.0.0.1:8080/metrics", withQuery: true), (options, value) => options with { ScrapeUrl = value },
            "Address of the target's own metrics in the Prometheus text format or OpenMetrics, for instance http://127.0.0.1:8080/metrics.")
        { Required = true });

    /// <summary>The shape of the list of targets.</summary>
    /// <param name="global">The evaluation settings for all targets.</param>
    /// <param name="hasPrometheus">Whether a Prometheus is configured.</param>
    public static Shape<IReadOnlyList<TargetOptions>> List(EvaluationOptions global, bool hasPrometheus) =>
        new ListShape<TargetOptions>(One(global, hasPrometheus), "name", MostTargets);

    private static MappingShape<TargetOptions> One(EvaluationOptions global, bool hasPrometheus) => new(
        new TargetOptions { Name = "", Evaluation = global },
        new Key<TargetOptions, string>("name", new TextShape("a name of lower-case letters, digits, '.', '_' and '-', at most 63 characters, that begins and ends with a letter or digit", 63, Names.Target), (options, value) => options with { Name = value },
            "Unique name: lower-case letters, digits, '.', '_' and '-', at most 63 characters.")
        { Required = true },
        new Key<TargetOptions, TargetKind>("kind", Kinds, (options, value) => options with { Kind = value },
            "What is upgraded: service, database or other.", options => Kinds.WordOf(options.Kind)),
        new Key<TargetOptions, string>("profile", new ChoiceShape<string>([.. ProfileCatalog.Names.Select(profile => (profile, profile))]), (options, value) => options with { Profile = value },
            "Where the SLIs come from: a profile by name, auto to look at which metrics the target has, or custom for SLIs of one's own only.", options => options.Profile),
        new Key<TargetOptions, IReadOnlyDictionary<string, string>>("labels", new DictionaryShape("label", Names.Label, RefuseLabel), (options, value) => options with { Labels = value },
            "Labels that pick the target's series, each by equality, for instance job: checkout. Left out: every series that the profile names."),
        new Key<TargetOptions, TargetOptions>("scrape", Scrape, (options, value) => options with { ScrapeUrl = value.ScrapeUrl },
            "Reads the target's own metrics instead of asking Prometheus."),
        new Key<TargetOptions, IReadOnlyList<SliOptions>>("slis", SlisOf, (options, value) => options with { Slis = value },
            "Changes to the profile's SLIs by name, and SLIs of one's own."),
        new Key<TargetOptions, string>("owner", new TextShape("a text of at most 200 characters", 200), (options, value) => options with { Owner = value },
            "Who is told, for instance a team. Left out: nobody named."),
        new Key<TargetOptions, TargetSilences>("silences", AlertingDescription.Target, (options, value) => options with { Silences = value },
            "Which alerts are this target's, for silences."),
        new Key<TargetOptions, WorkloadOptions>("kubernetes", KubernetesDescription.Target, (options, value) => options with { Workloads = value },
            "Which workloads of Kubernetes the target is."),
        new Key<TargetOptions, string>("versionMetric", new TextShape("the name of a metric such as checkout_build_info", 200, Names.Metric), (options, value) => options with { VersionMetric = value },
            "Metric with a label that tells the version, one series for each instance, for instance checkout_build_info: an upgrade is opened and moved when it changes. Left out: none."),
        new Key<TargetOptions, string>("versionLabel", new TextShape("the name of a label such as version", 200, Names.Label), (options, value) => options with { VersionLabel = value },
            "The label of versionMetric that tells the version.", options => options.VersionLabel),
        new Key<TargetOptions, EvaluationOptions>("evaluation", options => EvaluationDescription.PerTarget(options.Evaluation), (options, value) => options with { Evaluation = value },
            "Evaluation settings of this target; what is left out holds as for all targets."))
    {
        Finish = (options, map, path, context) => Finish(options, map, path, context, hasPrometheus),
        Refused = NotYet.Keys("criticality"),
    };

    private static ListShape<SliOptions> SlisOf(TargetOptions target) =>
        new(SliDescription.For(target.Profile, target.ScrapeUrl is not null), "name", MostSlis);

    private static string? RefuseLabel(string name) =>
        name.StartsWith("__", StringComparison.Ordinal) ? "is a name that Prometheus keeps for itself; write a label of the target's series" : null;

    private static TargetOptions Finish(TargetOptions target, MapNode map, string path, ReadingContext context, bool hasPrometheus)
    {
        if (map.Find("scrape") is null && !hasPrometheus)
        {
            context.Add(map.At, path, "has nowhere to get its metrics from; write prometheus.url for all targets, or scrape.url for this one");
        }

        AlertingDescription.Check(target, map, path, context);

        // SLIs with mistakes of their own are not there, but they are not missing either.
        var mistaken = map.Find("slis")?.Value is ListNode { Items.Count: > 0 } && target.Slis.Count == 0;
        if (target.Profile == ProfileCatalog.Custom && !mistaken && !target.Slis.Any(sli => sli.Enabled))
        {
            context.Add(map, path, "slis", "has no SLI that is enabled; the profile custom needs at least one");
        }

        return target;
    }
}
