using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Tests.Watches;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>An upgrade of the afternoon that is told in the evening, when all of its window has gone by.</summary>
public sealed class EnteredAfterwardsTests
{
    private static readonly DateTimeOffset UpgradedAt = WatchedUpgrade.Start.AddHours(5);
    private static readonly EvaluationOptions Evaluation = new() { ObservationSeconds = 4 * 3600 };

    [Fact]
    public async Task It_is_judged_with_its_history_at_once_and_not_by_the_hour_before_it()
    {
        // From 15:00 on traffic goes down for 12 hours.
        await using var watched = await ToldAsync(step => Days.At(step));

        await watched.RunAsync(1);
        var (status, code) = (watched.Verdict.Status, watched.Verdict.Code);
        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Pending, FindingCodes.Baseline), (status, code));
        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.Contains("usual at this hour", watched.Finding("traffic").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_waits_a_quarter_of_an_hour_for_a_history_that_cannot_be_read()
    {
        await using var watched = await ToldAsync(step => Days.At(step) with { Errors = step > Days.StepAt(UpgradedAt) ? 500 : 1 });
        watched.Source.NoHistory = new SourceFailure(SourceFailureKind.Timeout, "Prometheus gave no answer in time.");

        await watched.RunAsync(59);
        var waiting = watched.Verdict.Status;
        await watched.RunAsync(2);

        Assert.Equal(FindingStatus.Pending, waiting);
        Assert.Equal((FindingStatus.Fail, true), (watched.Verdict.Status, watched.Verdict.Final));
    }

    private static async Task<WatchedUpgrade> ToldAsync(Func<long, Scripted?> script)
    {
        var watched = await WatchedUpgrade.CreateAsync(script, Evaluation, UpgradedAt.AddHours(5));
        await watched.BeginAsync(Phase.PostUpgrade, UpgradedAt);
        return watched;
    }
}
