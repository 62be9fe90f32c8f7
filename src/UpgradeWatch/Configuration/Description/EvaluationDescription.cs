using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>evaluation</c>, for all targets and for one.</summary>
internal static class EvaluationDescription
{
    private const double Hour = 3600;
    private const double Month = 30 * 24 * Hour;
    private const double LongestHistory = 14 * 24 * Hour;
    private const int LeastBaselineSteps = 10;

    private static readonly Key<EvaluationOptions> Interval = new Key<EvaluationOptions, double>(
        "intervalSeconds", NumberShape.OfSeconds(0.1, Hour), (options, value) => options with { IntervalSeconds = value },
        "Seconds between two evaluations, 0.1 to 3600.", options => options.IntervalSeconds);

    private static readonly Key<EvaluationOptions> TimeZone = new Key<EvaluationOptions, string>(
        "timeZone", new CheckedTextShape("the IANA name of a time zone, for instance Europe/Berlin", TimeZones.Refuse), (options, value) => options with { TimeZone = value },
        "IANA name of the time zone in which traffic keeps its hours, for instance Europe/Berlin: an upgrade is compared with the same time of day on earlier days.", options => options.TimeZone);

    private static readonly NameListShape Labels = new("label name", "[route, code, pod]", ExplainLabels.Most, Names.Label, RefuseLabel);

    private static readonly Key<EvaluationOptions>[] PerTargetKeys =
    [
        new Key<EvaluationOptions, double>("stepSeconds", NumberShape.OfSeconds(0.1, Hour), (options, value) => options with { StepSeconds = value },
            "Least length of a step in seconds, 0.1 to 3600; it is rounded up to a multiple of the scrape interval.", options => options.StepSeconds),
        new Key<EvaluationOptions, double>("delaySeconds", NumberShape.OfSeconds(0, Hour), (options, value) => options with { DelaySeconds = value },
            "Seconds after its end at which a step counts as complete, 0 to 3600. Left out: the longest scrape seen plus 1 s, at least 2 s."),
        new Key<EvaluationOptions, double>("baselineSeconds", NumberShape.OfSeconds(1, LongestHistory), (options, value) => options with { BaselineSeconds = value },
            "Length in seconds of the window before the upgrade that it is compared with, 1 to 1209600 (14 days); at least 10 steps, at most the history.", options => options.BaselineSeconds),
        new Key<EvaluationOptions, double>("observationSeconds", NumberShape.OfSeconds(1, Month), (options, value) => options with { ObservationSeconds = value },
            "Length in seconds of the observation window from post-upgrade on, 1 to 2592000 (30 days).", options => options.ObservationSeconds),
        new Key<EvaluationOptions, double>("minimumSeconds", NumberShape.OfSeconds(0, Month), (options, value) => options with { MinimumSeconds = value },
            "Seconds of post-upgrade that must be watched before it may say pass, at most the observation window. Left out: 600, or the observation window where that is shorter.", options => options.MinimumSeconds),
        new Key<EvaluationOptions, double>("extendUntilSeconds", NumberShape.OfSeconds(0, Month), (options, value) => options with { ExtendUntilSeconds = value },
            "Seconds by which the observation window may stay open for low traffic, 0 to 2592000; 0 for not at all.", options => options.ExtendUntilSeconds),
        new Key<EvaluationOptions, double>("historySeconds", NumberShape.OfSeconds(1, LongestHistory), (options, value) => options with { HistorySeconds = value },
            "Seconds of history before the upgrade that are read or kept, 1 to 1209600 (14 days).", options => options.HistorySeconds),
        new Key<EvaluationOptions, double>("warmupSeconds", NumberShape.OfSeconds(0, Hour), (options, value) => options with { WarmupSeconds = value },
            "Seconds that are not counted after upgrading and after post-upgrade begin, 0 to 3600. Left out: 8 steps."),
        new Key<EvaluationOptions, double>("falseAlarmRate", new NumberShape(0, 0.2, aboveLeast: true), (options, value) => options with { FalseAlarmRate = value },
            "Share of good upgrades that may be flagged fail by chance, above 0 and at most 0.2.", options => options.FalseAlarmRate),
        new Key<EvaluationOptions, bool>("leaveOutWarmup", new FlagShape(), (options, value) => options with { LeaveOutWarmup = value },
            "Whether the warm-up after the last upgrade is left out of what the next one is compared with, as its rollout always is.", options => options.LeaveOutWarmup),
        new Key<EvaluationOptions, bool>("autoComplete", new FlagShape(), (options, value) => options with { AutoComplete = value },
            "Whether post-upgrade becomes completed by itself when the observation window closes.", options => options.AutoComplete),
        new Key<EvaluationOptions, IReadOnlyList<string>>("explainBy", Labels, (options, value) => options with { ExplainBy = value },
            "Labels by which a finding is broken down to say where it is, those that say most first, for instance [route, code, pod]; at most 16, [] for none. Left out: those that the profile's metrics have, and version, zone, pod, instance."),
    ];

    /// <summary>What holds for all targets.</summary>
    public static MappingShape<EvaluationOptions> Global { get; } = new(new EvaluationOptions(), [Interval, TimeZone, .. PerTargetKeys])
    {
        Finish = Finish,
    };

    /// <summary>What one target has of its own, laid over what holds for all.</summary>
    public static MappingShape<EvaluationOptions> PerTarget(EvaluationOptions global) => new(global, PerTargetKeys)
    {
        Finish = Finish,
        Refused = new Dictionary<string, string>
        {
            [Interval.Name] = "holds for all targets; write it as evaluation.intervalSeconds",
            [TimeZone.Name] = "holds for all targets; write it as evaluation.timeZone",
        },
    };

    private static string? RefuseLabel(string name) =>
        name == "le" || name.StartsWith("__", StringComparison.Ordinal) ? "says nothing about where requests went; leave it out" : null;

    private static EvaluationOptions Finish(EvaluationOptions options, MapNode map, string path, ReadingContext context)
    {
        Check(options.WarmupSeconds >= options.ObservationSeconds, "warmupSeconds", "observationSeconds",
            $"is {options.WarmupSeconds} s, not less than the observation window of {options.ObservationSeconds} s; nothing would be counted");
        Check(options.BaselineSeconds > options.HistorySeconds, "baselineSeconds", "historySeconds",
            $"is {options.BaselineSeconds} s, more than the history of {options.HistorySeconds} s; write at most {options.HistorySeconds}, or a longer historySeconds");
        Check(options.BaselineSeconds < LeastBaselineSteps * options.StepSeconds, "baselineSeconds", "stepSeconds",
            $"is {options.BaselineSeconds} s, less than {LeastBaselineSteps} steps of {options.StepSeconds} s; write at least {LeastBaselineSteps * options.StepSeconds}");
        if (options.MinimumSeconds <= options.ObservationSeconds) return options;
        if (map.Find("minimumSeconds") is null) return options with { MinimumSeconds = options.ObservationSeconds };
        context.Add(map, path, "minimumSeconds",
            $"is {options.MinimumSeconds} s, more than the observation window of {options.ObservationSeconds} s; write at most {options.ObservationSeconds}");
        return options;

        // A target that sets neither key has what holds for all, where the mistake is told.
        void Check(bool wrong, string key, string other, string message)
        {
            if (!wrong || (map.Find(key) ?? map.Find(other)) is not { } entry) return;
            context.Add(entry.Value.At, KeyPath.Join(path, key), message);
        }
    }
}
