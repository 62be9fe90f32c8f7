using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Tests.Watches;

namespace UpgradeWatch.Engine.Tests.Upgrades;

public sealed class PointTests
{
    private static readonly EvaluationOptions Long = new() { ObservationSeconds = 6 * 3600 };

    [Fact]
    public async Task Many_findings_at_once_are_one_point_with_the_verdict()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(step => step > WatchedUpgrade.StepAt(20)
            ? Scripted.Bad(step) with { MeanSeconds = 3, Requests = 1000 }
            : Scripted.Good(step) with { MeanSeconds = 0.05 });

        await watched.RunAsync(60);

        var points = await PointsAsync(watched);
        var failed = points.Single(p => p.Text.Contains(": verdict fail.", StringComparison.Ordinal));
        Assert.All(points.GroupBy(p => p.At), same => Assert.Single(same));
        // Each finding is named, and what the verdict says already is not said again.
        var named = failed.Text.Split('\n')[1..];
        Assert.True(named.Length > 1, failed.Text);
        Assert.Single(named, line => line.EndsWith("fail (level).", StringComparison.Ordinal));
        Assert.Contains("phase:post-upgrade", failed.Tags);
    }

    [Fact]
    public async Task A_verdict_that_flaps_is_said_five_times_an_hour_at_most_and_the_rest_is_made_up_for()
    {
        // The source comes and goes: inconclusive, pending or pass, inconclusive, ...
        await using var watched = await WatchedUpgrade.UpgradedAsync(Scripted.Good, Long);
        for (var i = 0; i < 40; i++)
        {
            watched.Source.Away = i % 2 == 0 ? new Engine.Ports.SourceFailure(Engine.Ports.SourceFailureKind.Unreachable, "Gone.") : null;
            await watched.RunAsync(4);
        }

        var flapping = await PointsAsync(watched);
        await watched.RestartAsync();
        watched.Source.Away = null;
        await watched.RunAsync(240);

        var points = await PointsAsync(watched);
        Assert.Equal(5, flapping.Count);
        Assert.All(points, point => Assert.InRange(points.Count(p => p.At <= point.At && point.At - p.At < TimeSpan.FromHours(1)), 1, 5));
        Assert.Contains("verdict pass (changes before that were held back)", points[5].Text, StringComparison.Ordinal);
        Assert.Equal((FindingStatus.Pass, false), (watched.Verdict.Status, watched.Upgrade.HeldBack));
    }

    [Fact]
    public async Task The_final_verdict_is_always_said()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(Scripted.Good, new EvaluationOptions { ObservationSeconds = 2400 });
        for (var i = 0; i < 30; i++)
        {
            watched.Source.Away = i % 2 == 0 ? new Engine.Ports.SourceFailure(Engine.Ports.SourceFailureKind.Unreachable, "Gone.") : null;
            await watched.RunAsync(4);
        }

        await watched.RunAsync(60);

        var points = await PointsAsync(watched);
        Assert.True(watched.Verdict.Final);
        Assert.Equal(6, points.Count);
        Assert.Contains("final verdict pass", points[^1].Text, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<OutboxEntry>> PointsAsync(WatchedUpgrade watched) =>
        [.. (await watched.Store.PendingOutboxAsync(WatchedUpgrade.Sink, 1000, default)).Where(entry => entry.Action == OutboxAction.Point)];
}
