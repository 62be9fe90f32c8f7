using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using static UpgradeWatch.Engine.Tests.Watches.Scripted;
using static UpgradeWatch.Engine.Tests.Watches.WatchedUpgrade;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>When a target that was rolled back is back where it was.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task After_a_rollback_the_time_to_restore_is_kept()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) && step < WatchedUpgrade.StepAt(60) ? Bad(step) : Good(step));
        await watched.RunAsync(30);
        await watched.MoveAsync(Phase.RollingBack);
        await watched.RunAsync(2);
        await watched.MoveAsync(Phase.RolledBack);

        await watched.RunAsync(100);

        Assert.Equal(FindingStatus.Fail, watched.Verdict.Status);
        Assert.InRange(watched.Upgrade.TimeToRestoreSeconds!.Value, 28 * 15, 120 * 15);
        Assert.Equal(watched.Upgrade.Unhealthy!.Until, WatchedUpgrade.Start.AddSeconds((32 * 15) + watched.Upgrade.TimeToRestoreSeconds.Value));
    }

    [Fact]
    public async Task After_a_rollback_it_is_kept_when_each_sli_is_back_also_over_a_restart()
    {
        // Errors end with the rollback, latencies 20 steps later.
        await using var watched = await UpgradedAsync(step =>
            (step > WatchedUpgrade.StepAt(0) && step <= WatchedUpgrade.StepAt(32) ? Bad(step) : Good(step)) with { MeanSeconds = step > WatchedUpgrade.StepAt(0) && step <= WatchedUpgrade.StepAt(60) ? 3 : 0.05 });
        await watched.RunAsync(30);
        await watched.MoveAsync(Phase.RollingBack);
        await watched.RunAsync(2);
        await watched.MoveAsync(Phase.RolledBack);

        await watched.RunAsync(20);
        var soFar = watched.Upgrade.Restored!.Select(back => back.Sli).ToList();
        await watched.RestartAsync();
        await watched.RunAsync(110);

        Assert.Contains("error-ratio", soFar);
        Assert.DoesNotContain("latency", soFar);
        Assert.Equal("latency", watched.Upgrade.Restored![^1].Sli);
        Assert.Equal(watched.Upgrade.Restored.Select(back => back.Sli).Distinct(), watched.Upgrade.Restored.Select(back => back.Sli));
        Assert.Equal(watched.Upgrade.TimeToRestoreSeconds, watched.Upgrade.Restored[^1].Seconds);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task The_time_to_restore_is_the_targets_own_whatever_kept_from_looking_or_from_storing_it(bool isRestarted, bool isFull)
    {
        await using var undisturbed = await RolledBackAsync();
        await using var disturbed = await RolledBackAsync();
        await undisturbed.RunAsync(70);

        await disturbed.RunAsync(4);
        disturbed.Source.Away = isFull ? null : new SourceFailure(SourceFailureKind.Unreachable, "Prometheus refused the connection.");
        disturbed.Store.IsFull = isFull;
        await disturbed.RunAsync(60);
        (disturbed.Source.Away, disturbed.Store.IsFull) = (null, false);
        if (isRestarted) await disturbed.RestartAsync();
        await disturbed.RunAsync(2);

        Assert.NotNull(undisturbed.Upgrade.TimeToRestoreSeconds);
        Assert.Equal(undisturbed.Upgrade.TimeToRestoreSeconds, disturbed.Upgrade.TimeToRestoreSeconds);
        Assert.Equal(undisturbed.Upgrade.Restored, disturbed.Upgrade.Restored);

        static async Task<WatchedUpgrade> RolledBackAsync()
        {
            var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) && step <= WatchedUpgrade.StepAt(40) ? Bad(step) : Good(step));
            await watched.RunAsync(30);
            await watched.MoveAsync(Phase.RollingBack);
            await watched.RunAsync(2);
            await watched.MoveAsync(Phase.RolledBack);
            return watched;
        }
    }

    [Fact]
    public async Task Who_comes_late_to_the_end_of_the_time_after_a_rollback_still_learns_when_it_was_back()
    {
        await using var watched = await UpgradedAsync(step => step > WatchedUpgrade.StepAt(0) && step <= WatchedUpgrade.StepAt(40) ? Bad(step) : Good(step));
        await watched.RunAsync(30);
        await watched.MoveAsync(Phase.RollingBack);
        await watched.MoveAsync(Phase.RolledBack);
        watched.Source.Away = new SourceFailure(SourceFailureKind.Unreachable, "Prometheus refused the connection.");
        await watched.RunAsync(125);
        watched.Source.Away = null;
        await watched.RunAsync(1);

        Assert.InRange(watched.Upgrade.TimeToRestoreSeconds!.Value, 10 * 15, 30 * 15);
    }
}
