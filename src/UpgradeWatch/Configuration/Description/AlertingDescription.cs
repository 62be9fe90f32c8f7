using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Silences;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>alertmanager</c>, <c>alerts</c>, <c>silences</c> and <c>targets[].silences</c>.</summary>
internal static partial class AlertingDescription
{
    private const int MostMembers = 9;
    private const int MostMatchers = 20;
    private const string MatchersExpected = "label matchers in braces such as {service=\"checkout\"}";

    private static readonly NameListShape MemberList = new("member address", "[http://alertmanager-1:9093]", MostMembers, AddressPattern(),
        address => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Host.Length > 0 && url.UserInfo.Length == 0 ? null : "is no address; write one such as http://alertmanager-1:9093, without a user name");

    /// <summary>The shape of <c>alertmanager</c>.</summary>
    public static MappingShape<AlertmanagerSection> Alertmanager { get; } = EndpointDescription.For<AlertmanagerSection>(
        "http://alertmanager:9093",
        endpoint => new AlertmanagerSection(endpoint, []),
        section => section.Endpoint,
        (section, endpoint) => section with { Endpoint = endpoint },
        "grafanaDatasource",
        new Key<AlertmanagerSection, string>("grafanaDatasource", new TextShape("the uid or the name of a data source of Grafana, at most 200 characters", 200), (section, name) => section with { GrafanaDatasource = name },
            "Uid or name of Grafana's data source for Alertmanager, in place of url: it is asked through Grafana's proxy, with the credentials of grafana. Left out: it is asked directly."),
        new Key<AlertmanagerSection, IReadOnlyList<string>>("members", MemberList, (section, members) => section with { Members = members },
            "Addresses of the other members of its cluster, with the same credentials: alerts go to all, silences to the first that answers. Left out: none."));

    /// <summary>The shape of <c>alerts</c>.</summary>
    public static MappingShape<AlertOptions> Alerts { get; } = new(
        new AlertOptions(),
        new Key<AlertOptions, bool>("send", new FlagShape(), (options, value) => options with { Send = value },
            "Whether findings and verdicts are sent to alertmanager as alerts, for those who do not use the shipped rules. Left out: true when alertmanager is configured."));

    /// <summary>The shape of <c>silences</c>.</summary>
    public static MappingShape<SilenceOptions> Silences { get; } = new(
        new SilenceOptions(),
        new Key<SilenceOptions, bool>("plannedDowntime", new FlagShape(), (options, value) => options with { PlannedDowntime = value },
            "Whether alerts of a target are silenced within the planned downtime of its upgrade: those with its labels, or what targets[].silences.downtime names.", options => options.PlannedDowntime),
        new Key<SilenceOptions, bool>("grafana", new FlagShape(), (options, value) => options with { Grafana = value },
            "Whether alerts that Grafana evaluates itself are silenced too; the token needs the right to do so.", options => options.Grafana),
        new Key<SilenceOptions, double>("leaseSeconds", NumberShape.OfSeconds(10, 86_400), (options, value) => options with { LeaseSeconds = value },
            "For how long a silence is made or extended at once, 10 to 86400: so long after UpgradeWatch has died it lapses.", options => options.LeaseSeconds),
        new Key<SilenceOptions, double>("tailSeconds", NumberShape.OfSeconds(0, 3600), (options, value) => options with { TailSeconds = value },
            "How long a silence goes on when its cause is over, 0 to 3600, because alerts resolve a little later.", options => options.TailSeconds),
        new Key<SilenceOptions, double>("maxDurationSeconds", NumberShape.OfSeconds(60, 604_800), (options, value) => options with { MaxDurationSeconds = value },
            "How long a silence lasts at most, 60 to 604800, whatever was planned.", options => options.MaxDurationSeconds));

    /// <summary>The shape of <c>targets[].silences</c>.</summary>
    public static MappingShape<TargetSilences> Target { get; } = new(
        new TargetSilences(),
        Matchers("downtime", (silences, matchers) => silences with { Downtime = matchers },
            "Which alerts the target's planned downtime makes, as label matchers in braces. Left out: those with all of the target's labels."),
        Matchers("noise", (silences, matchers) => silences with { Noise = matchers },
            "Which alerts are expected while the target is upgraded or rolled back, as label matchers in braces. Left out: none."));

    /// <summary>What must hold between a target and its silences.</summary>
    public static void Check(TargetOptions target, MapNode map, string path, ReadingContext context)
    {
        Check(target.Silences.Downtime, "downtime");
        Check(target.Silences.Noise, "noise");

        void Check(IReadOnlyList<LabelMatch>? matchers, string key)
        {
            if (matchers is null || SilenceRules.AreOf(matchers, target)) return;
            context.Add(map, path, "silences", $"has {key} without the equality of a label of the target's own, so that alerts of others would be silenced; add one such as {Example(target)}");
        }
    }

    /// <summary>What must hold in the whole.</summary>
    public static UpgradeWatchOptions Finish(UpgradeWatchOptions options, MapNode map, string path, ReadingContext context)
    {
        if (options.Alerts.Send == true && options.Alertmanager is null) context.Add(map, path, "alerts", "has send: true, and there is nobody to send to; write alertmanager.url, or leave it out");
        if (options.Silences.Grafana && options.Grafana is null) context.Add(map, path, "silences", "has grafana: true, and grafana is not configured; write grafana.url, or leave it out");
        var canSilence = options.Alertmanager is not null || (options.Silences.Grafana && options.Grafana is not null);
        if (!canSilence && (options.Silences.PlannedDowntime || options.Targets.Any(target => target.Silences.Noise is not null)))
            context.Add(map, path, options.Silences.PlannedDowntime ? "silences" : "targets", "has alerts to silence, and there is nobody who could; write alertmanager.url, or silences.grafana: true with grafana.url");
        if (options.Silences.PlannedDowntime && options.Targets.FirstOrDefault(target => SilenceRules.DowntimeOf(target).Count == 0) is { } unlabelled)
            context.Add(map, path, "targets", $"has the target {unlabelled.Name} without labels, so that it is not known which alerts its planned downtime makes; write its silences.downtime, for instance {{service=\"{unlabelled.Name}\"}}");
        if (options.Alertmanager is not { GrafanaDatasource: not null } through) return options;
        if (options.Grafana is null) context.Add(map, path, "alertmanager", "has grafanaDatasource, and grafana is not configured; write grafana.url, or alertmanager.url in its place");
        return options with { Alertmanager = through with { Endpoint = options.Grafana ?? through.Endpoint } };
    }

    private static string Example(TargetOptions target) =>
        target.Labels.FirstOrDefault() is { Key: { } name } label ? $"{name}=\"{label.Value}\"" : $"service=\"{target.Name}\"";

    private static Key<TargetSilences, string> Matchers(string name, Func<TargetSilences, IReadOnlyList<LabelMatch>, TargetSilences> set, string meaning) => new(
        name,
        new CheckedTextShape(MatchersExpected, text => Read(text, out _)),
        (silences, text) => Read(text, out var matchers) is null ? set(silences, matchers) : silences,
        meaning);

    // The matchers of a selector, which has a name before them.
    private static string? Read(string text, out IReadOnlyList<LabelMatch> matchers)
    {
        matchers = [];
        if (!text.TrimStart().StartsWith('{')) return $"write {MatchersExpected}";
        if (!SelectorText.TryParse($"alerts{text.Trim()}", out var selector, out var error)) return $"{error} Write {MatchersExpected}";
        if (selector.Matches.Count is 0 or > MostMatchers) return $"write 1 to {MostMatchers} {MatchersExpected}";
        matchers = selector.Matches;
        return null;
    }

    [GeneratedRegex("^https?://[^ ?#]{1,500}$")]
    private static partial Regex AddressPattern();
}
