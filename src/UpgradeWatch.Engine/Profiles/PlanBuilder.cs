using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Profiles;

/// <summary>Works out what is asked of a source for a target: its profile, the configured changes, and only what exists.</summary>
public static class PlanBuilder
{
    /// <summary>
    /// The plan, or why there is none: <see cref="SourceFailureKind.Refused"/> for a mistake in the configuration,
    /// <see cref="SourceFailureKind.Empty"/> when nothing that could be judged exists.
    /// </summary>
    public static SourceReply<TargetPlan> Build(TargetOptions target, SourceFacts facts)
    {
        var choice = ProfileChoice.Make(target, facts.MetricNames);
        if (choice.Failure is not null) return choice.Failure;

        var draft = new PlanDraft(facts, facts.SeriesMatches ?? Matches(target.Labels));
        if (choice.Profile is not null) draft.Add(choice.Profile);

        if (SliChanges.Apply(target, choice.Profile, facts, draft) is { } mistake)
        {
            return new SourceFailure(SourceFailureKind.Refused, mistake);
        }

        draft.DropUnusedSignals();
        return draft.Slis.Count == 0 ? NothingLeft(target, facts, draft) : Plan(target, facts, choice, draft);
    }

    /// <summary>The smallest multiple of the scrape interval that is at least the configured length, in seconds.</summary>
    public static double StepSeconds(double configuredSeconds, double scrapeIntervalSeconds) =>
        Math.Round(Math.Max(1, Math.Ceiling(configuredSeconds / scrapeIntervalSeconds - 1e-9)) * scrapeIntervalSeconds, 6);

    private static TargetPlan Plan(TargetOptions target, SourceFacts facts, ProfileChoice choice, PlanDraft draft) => new()
    {
        Target = target.Name,
        Source = facts.Source,
        Profile = choice.Profile?.Name ?? ProfileCatalog.Custom,
        Explanation = string.Join(' ', [choice.Explanation, .. draft.Notes()]),
        StepSeconds = StepSeconds(target.Evaluation.StepSeconds, facts.ScrapeIntervalSeconds),
        ScrapeIntervalSeconds = facts.ScrapeIntervalSeconds,
        DelaySeconds = target.Evaluation.DelaySeconds ?? facts.DelaySeconds,
        TargetMatches = facts.TargetMatches ?? draft.Matches,
        HasUp = facts.HasUp,
        HasProcessStart = facts.HasProcessStart,
        SeesAnyUp = facts.SeesAnyUp,
        Signals = [.. draft.Signals],
        Slis = [.. draft.Slis],
    };

    private static SourceFailure NothingLeft(TargetOptions target, SourceFacts facts, PlanDraft draft) => new(
        SourceFailureKind.Empty,
        string.Join(' ', [$"Target {target.Name} has nothing that could be judged.", .. draft.Notes(), NearNames.Sentence(facts.MetricNames)]));

    private static IReadOnlyList<LabelMatch> Matches(IReadOnlyDictionary<string, string> labels) =>
    [
        .. labels.OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => new LabelMatch(label.Key, MatchOperator.Equal, label.Value)),
    ];
}
