using Microsoft.Extensions.Logging;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Watches;

/// <content>Where is what was found? Asked beside the judging: it adds words to a finding and changes nothing else.</content>
public sealed partial class Evaluator
{
    // A source that answers at once has its answer in the sentence from the start; no verdict waits for longer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAsking = TimeSpan.FromSeconds(25);

    // Returns whether something new is known.
    private async Task<bool> ExplainAsync(Upgrade upgrade, TargetPlan plan, Watch watch, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        if (!watch.Explanations.Asking.IsCompleted || SourceOf(plan) is not { } source) return false;
        var due = watch.Explanations.Due(findings, time.GetUtcNow());
        if (due.Count == 0) return false;
        // What to ask is worked out here: the watch goes on while the answer is on its way.
        var labels = ExplainLabels.Of(plan.Profile, upgrade.Evaluation.ExplainBy);
        var questions = due.Select(finding => (finding, watch.BreakdownOf(finding, labels))).ToList();
        watch.Explanations.Asking = AskAllAsync(plan, watch.Explanations, source, questions, cancellationToken);
        if (!watch.Explanations.Asking.IsCompleted)
            await Task.WhenAny(watch.Explanations.Asking, Task.Delay(Grace, time, cancellationToken)).ConfigureAwait(false);
        return watch.Explanations.Asking.IsCompleted;
    }

    private async Task AskAllAsync(
        TargetPlan plan, Explanations explanations, IMetricSource source, List<(Finding Finding, BreakdownRequest? Request)> questions, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestAsking, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // The quantiles of a histogram and the whole of it have one answer.
        var answers = new Dictionary<BreakdownRequest, Breakdown?>();
        foreach (var (finding, request) in questions)
        {
            Explanation? found = null;
            try
            {
                if (request is not null && !answers.ContainsKey(request)) answers[request] = await AskAsync(plan, source, request, either.Token).ConfigureAwait(false);
                if (request is not null && answers[request] is { } breakdown) found = Explain(plan, finding, request, breakdown);
            }
            catch (Exception trouble) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotExplained(plan.Target, finding.Sli, trouble.Message);
            }

            explanations.Keep(finding.Sli, found, time.GetUtcNow());
        }
    }

    private async Task<Breakdown?> AskAsync(TargetPlan plan, IMetricSource source, BreakdownRequest request, CancellationToken cancellationToken)
    {
        var reply = await source.BreakDownAsync(plan, request, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is { } failure) LogNotExplained(plan.Target, request.Signal, failure.Message);
        if (reply.Value is { Samples: > 0 } breakdown) counters.CountNeeded(plan.Source, breakdown.Samples);
        return reply.Value;
    }

    private static Explanation? Explain(TargetPlan plan, Finding finding, BreakdownRequest request, Breakdown breakdown)
    {
        var isDown = finding.Direction != Direction.Up && finding.Result.Current < finding.Result.Baseline;
        return Explainer.Explain(breakdown, isDown) is { } found ? found with { Until = plan.EndOf(request.SinceLast) } : null;
    }

    [LoggerMessage(12, LogLevel.Information, "where it is could not be said target={Target} about={About} reason=\"{Reason}\"")]
    private partial void LogNotExplained(string target, string about, string reason);
}
