using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>
/// A good upgrade whose restart does not go unnoticed: for 60 s after its start a pod answers three times as slowly and
/// with 2 % errors; the pods restart one after the other, in steps of 15 s. Errors, latency and traffic share alpha.
/// </summary>
/// <param name="Requests">Requests per step.</param>
/// <param name="Pods">How many pods there are.</param>
/// <param name="AreStartsSeen">Whether it is known when pods start; else only the 2 min after each phase are left out.</param>
internal sealed record Restart(double Requests, int Pods, bool AreStartsSeen = true)
{
    private const int Steps = 240;
    private const int HiccupSteps = 4;
    private const int WarmUpSteps = 8;

    private static readonly Measure[] Measures = [Measure.Ratio, Measure.Buckets, Measure.Count];

    /// <summary>The worst that any SLI was: <c>fail</c> if it ever failed, else what it was at the end of the hour.</summary>
    public FindingStatus Worst(int seed)
    {
        var statuses = Measures.Select(measure => Watch(measure, 3 * seed + (int)measure)).ToList();
        return statuses.Contains(FindingStatus.Fail) ? FindingStatus.Fail
            : statuses.Contains(FindingStatus.Warn) ? FindingStatus.Warn
            : FindingStatus.Pass;
    }

    private FindingStatus Watch(Measure measure, int seed)
    {
        var trial = new Trial { Measure = measure, StepSeconds = 15, Before = new Behaviour { RequestsPerSecond = Requests / 15 } };
        var service = new Service(seed, 15);
        var judge = SliJudge.Make(trial.Spec(), [.. Enumerable.Range(1, Steps).Select(step => service.Draw(measure, step, trial.Before))], isSmall: false);
        var hasFailed = false;
        for (var i = 0; i < Steps; i++)
        {
            judge.Add(After(i, service, trial));
            hasFailed |= judge.Failure.Stands;
        }

        return hasFailed ? FindingStatus.Fail : judge.Evaluate(new Moment(DateTimeOffset.UnixEpoch, Stage.Closed)).Status;
    }

    /// <summary>Pod after pod, the next one when the last one is well; then the phase <c>post-upgrade</c> begins.</summary>
    private StepSample After(int i, Service service, Trial trial)
    {
        var rollout = Pods * HiccupSteps;
        var isUpgrading = i < rollout;
        var isWarmUp = i < WarmUpSteps || (i >= rollout && i < rollout + WarmUpSteps);
        var state = (isWarmUp ? StepState.WarmUp : StepState.None) | (isUpgrading && AreStartsSeen ? StepState.Starting : StepState.None);
        var step = Steps + i + 1;
        if (!isUpgrading)
            return service.Draw(trial.Measure, step, trial.Before, state);

        var usual = service.Draw(trial.Measure, step, Scaled(1 - 1.0 / Pods));
        var restarting = service.Draw(trial.Measure, step, Scaled(1.0 / Pods) with { ErrorRatio = 0.02, MedianSeconds = 3 * trial.Before.MedianSeconds });
        return new StepSample(
            step,
            state,
            usual.Value + restarting.Value,
            usual.Total + restarting.Total,
            usual.Buckets?.Zip(restarting.Buckets!, (one, other) => one + other).ToArray());

        Behaviour Scaled(double share) => trial.Before with { RequestsPerSecond = share * trial.Before.RequestsPerSecond };
    }
}
