using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Tests.Watches;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Upgrades;

public sealed class AcknowledgeTests
{
    [Fact]
    public async Task The_others_decide_at_once_and_the_pass_says_that_it_is_one_with_an_acknowledgement()
    {
        await using var watched = await FailedAsync();

        await AcknowledgeAsync(watched);
        var atOnce = watched.Upgrade;
        await watched.RunAsync(10);

        foreach (var upgrade in new[] { atOnce, watched.Upgrade })
        {
            Assert.Equal((FindingStatus.Pass, FindingCodes.Acknowledged, false), (upgrade.Verdict.Status, upgrade.Verdict.Code, upgrade.Verdict.Final));
            Assert.Contains("1 finding acknowledged: error-ratio by anna.", upgrade.Verdict.Summary, StringComparison.Ordinal);
            Assert.Equal(ItemStatus.InProgress, upgrade.Checklist.Single(i => i.Id == "monitor-metrics").Status);
            var finding = upgrade.Verdict.Findings[^1];
            Assert.Equal(("error-ratio", FindingStatus.Fail, FindingCodes.Level, FindingCodes.Acknowledged), (finding.Sli, finding.Result.Status, finding.Result.Code, finding.Code));
            Assert.Equal(("anna", "a bot", watched.Time.GetUtcNow().AddSeconds(-150)), (finding.Acknowledged!.By!, finding.Acknowledged.Reason, finding.Acknowledged.At));
        }
    }

    [Fact]
    public async Task It_goes_on_to_the_end_as_a_pass_and_is_part_of_what_the_next_upgrade_is_compared_with()
    {
        await using var watched = await FailedAsync();
        await AcknowledgeAsync(watched);

        await watched.RunAsync(90);

        Assert.Equal((FindingStatus.Pass, true, Phase.Completed), (watched.Verdict.Status, watched.Verdict.Final, watched.Upgrade.Phase));
        Assert.Null(watched.Upgrade.Unhealthy);
    }

    [Fact]
    public async Task What_else_fails_still_fails()
    {
        await using var watched = await FailedAsync();
        await AcknowledgeAsync(watched);

        watched.Source.Script = step => step > WatchedUpgrade.StepAt(50) ? Scripted.Bad(step) with { MeanSeconds = 2 } : Scripted.Bad(step) with { MeanSeconds = 0.05 };
        await watched.RunAsync(40);

        Assert.Equal((FindingStatus.Fail, "latency"), (watched.Verdict.Status, watched.Verdict.Findings[0].Sli));
        Assert.Contains("1 finding acknowledged", watched.Verdict.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_survives_a_restart_with_what_is_said_outside()
    {
        await using var watched = await FailedAsync();
        await AcknowledgeAsync(watched);

        await watched.RestartAsync();
        var loaded = watched.Verdict;
        await watched.RunAsync(2);

        Assert.Equal((FindingStatus.Pass, FindingStatus.Pass), (loaded.Status, watched.Verdict.Status));
        Assert.Equal("a bot", Assert.Single(watched.Upgrade.Acknowledgements!).Reason);
        Assert.Contains(await PointsAsync(watched), text => text.Contains("Acknowledged by anna: a bot.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_that_could_not_be_stored_is_refused_and_changes_nothing()
    {
        await using var watched = await FailedAsync();
        watched.Store.IsFull = true;

        var refused = await watched.Service.AcknowledgeAsync(watched.Upgrade.Id, Command(), default);

        Assert.Equal(RefusalKind.StoreFull, refused.Refusal!.Kind);
        Assert.Equal((FindingStatus.Fail, true), (watched.Verdict.Status, watched.Upgrade.Acknowledgements is null));
    }

    [Fact]
    public async Task It_decides_again_when_the_time_is_up_and_that_is_told()
    {
        await using var watched = await FailedAsync();
        await AcknowledgeAsync(watched, until: watched.Time.GetUtcNow().AddSeconds(61));

        await watched.RunAsync(4);
        var before = watched.Verdict.Status;
        await watched.RunAsync(1);

        Assert.Equal((FindingStatus.Pass, FindingStatus.Fail), (before, watched.Verdict.Status));
        Assert.Contains(await EventsAsync(watched), text => text.StartsWith("level The acknowledgement has run out.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Taken_back_it_decides_again_at_once_and_who_did_it_is_told()
    {
        await using var watched = await FailedAsync();
        await AcknowledgeAsync(watched);

        var done = await watched.Service.WithdrawAsync(watched.Upgrade.Id, "error-ratio", "bob", default);
        var again = await watched.Service.WithdrawAsync(watched.Upgrade.Id, "error-ratio", "bob", default);

        Assert.Equal((true, false), (done.Changed, again.Changed));
        Assert.Equal((FindingStatus.Fail, FindingCodes.Level, ItemStatus.Flagged), (watched.Verdict.Status, watched.Verdict.Code, watched.Upgrade.Checklist.Single(i => i.Id == "monitor-metrics").Status));
        Assert.Null(watched.Upgrade.Acknowledgements);
        Assert.Contains(await EventsAsync(watched), text => text.StartsWith("level The acknowledgement was taken back by bob.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Once_an_sli_has_failed_it_is_at_best_recovered_when_it_decides_again()
    {
        await using var watched = await FailedAsync(new EvaluationOptions { ObservationSeconds = 7200 });
        await AcknowledgeAsync(watched);
        watched.Source.Script = step => (step > WatchedUpgrade.StepAt(0) && step <= WatchedUpgrade.StepAt(45) ? Scripted.Bad(step) : Scripted.Good(step)) with { MeanSeconds = 0.05 };
        await watched.RunAsync(120);
        var acknowledged = watched.Verdict.Status;

        await watched.Service.WithdrawAsync(watched.Upgrade.Id, "error-ratio", "bob", default);

        Assert.Equal((FindingStatus.Pass, FindingStatus.Warn, FindingCodes.Recovered), (acknowledged, watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_another_reason_replaces_the_first()
    {
        await using var watched = await FailedAsync();
        await AcknowledgeAsync(watched);
        var revision = watched.Upgrade.Revision;

        var same = await watched.Service.AcknowledgeAsync(watched.Upgrade.Id, Command(), default);
        var other = await watched.Service.AcknowledgeAsync(watched.Upgrade.Id, Command() with { Reason = "another bot" }, default);

        Assert.Equal((false, revision), (same.Changed, same.Upgrade!.Revision));
        Assert.Equal("another bot", Assert.Single(other.Upgrade!.Acknowledgements!).Reason);
    }

    [Fact]
    public async Task With_everything_acknowledged_that_can_decide_it_never_passes()
    {
        await using var watched = await FailedAsync();
        foreach (var sli in new[] { "error-ratio", "traffic", "latency" }) await AcknowledgeAsync(watched, sli);
        var open = watched.Verdict;

        await watched.RunAsync(90);

        Assert.Equal((FindingStatus.Pending, FindingCodes.Acknowledged), (open.Status, open.Code));
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Acknowledged, true), (watched.Verdict.Status, watched.Verdict.Code, watched.Verdict.Final));
    }

    [Fact]
    public async Task It_makes_a_stale_verdict_no_fresher()
    {
        await using var watched = await FailedAsync();
        watched.Time.Advance(TimeSpan.FromMinutes(5));

        await AcknowledgeAsync(watched);

        var read = watched.Service.AsReadNow(watched.Upgrade).Verdict;
        Assert.Equal((FindingStatus.Inconclusive, FindingCodes.Stale), (read.Status, read.Code));
        Assert.DoesNotContain(await watched.Store.EventsAfterAsync(0, 1000, default), happened => happened is { Type: "verdict", State: "pass" });
        await watched.RunAsync(1);
        Assert.Equal((FindingStatus.Pass, FindingCodes.Acknowledged), (watched.Verdict.Status, watched.Verdict.Code));
    }

    [Fact]
    public async Task What_is_announced_before_the_upgrade_holds_from_its_first_finding_on()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => step > WatchedUpgrade.StepAt(2) ? Scripted.Bad(step) : Scripted.Good(step));
        await watched.BeginAsync();
        await watched.RunAsync(1);
        await AcknowledgeAsync(watched);
        await watched.RunAsync(1);
        await watched.MoveAsync(Phase.Upgrading);
        await watched.MoveAsync(Phase.PostUpgrade);

        await watched.RunAsync(60);

        Assert.Equal(FindingStatus.Pass, watched.Verdict.Status);
        Assert.Null(watched.Upgrade.TimeToDetectSeconds);
        Assert.Contains(await EventsAsync(watched), text => text == "acknowledged Acknowledged by anna: a bot.");
        Assert.DoesNotContain(await PointsAsync(watched), text => text.Contains("verdict fail", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_what_would_be_right()
    {
        await using var watched = await FailedAsync();
        var id = watched.Upgrade.Id;
        var now = watched.Time.GetUtcNow();

        var noUpgrade = await RefusalAsync("nix", Command());
        var unknown = await RefusalAsync(id, Command() with { Sli = "eror-ratio" });
        var empty = await RefusalAsync(id, Command() with { Reason = " \n" });
        var past = await RefusalAsync(id, Command() with { Until = now });
        await watched.MoveAsync(Phase.RollingBack);
        var final = await RefusalAsync(id, Command());
        await watched.MoveAsync(Phase.RolledBack);
        var closed = await RefusalAsync(id, Command());

        Assert.Equal((RefusalKind.NotFound, "id"), (noUpgrade.Kind, noUpgrade.Field));
        Assert.Equal((RefusalKind.NotFound, "sli"), (unknown.Kind, unknown.Field));
        Assert.Contains("no SLI 'eror-ratio'; known: error-ratio, traffic, latency", unknown.Detail, StringComparison.Ordinal);
        Assert.Equal((RefusalKind.Invalid, "reason"), (empty.Kind, empty.Field));
        Assert.Equal((RefusalKind.Invalid, "until"), (past.Kind, past.Field));
        Assert.Contains("must be after now", past.Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Conflict, final.Kind);
        Assert.Contains("is final (fail)", final.Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Conflict, closed.Kind);
        Assert.Contains("is rolled-back", closed.Detail, StringComparison.Ordinal);

        async Task<Refusal> RefusalAsync(string upgrade, AcknowledgeCommand command) => (await watched.Service.AcknowledgeAsync(upgrade, command, default)).Refusal!;
    }

    private static async Task<WatchedUpgrade> FailedAsync(EvaluationOptions? evaluation = null)
    {
        var watched = await WatchedUpgrade.UpgradedAsync(step => (step > WatchedUpgrade.StepAt(0) ? Scripted.Bad(step) : Scripted.Good(step)) with { MeanSeconds = 0.05 }, evaluation);
        await watched.RunAsync(45);
        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (watched.Verdict.Status, watched.Verdict.Code));
        return watched;
    }

    private static AcknowledgeCommand Command() => new() { Sli = "error-ratio", Reason = "a bot", By = "anna" };

    private static async Task AcknowledgeAsync(WatchedUpgrade watched, string sli = "error-ratio", DateTimeOffset? until = null) =>
        Assert.Null((await watched.Service.AcknowledgeAsync(watched.Upgrade.Id, Command() with { Sli = sli, Until = until }, default)).Refusal);

    private static async Task<IReadOnlyList<string>> PointsAsync(WatchedUpgrade watched) =>
        [.. (await watched.Store.PendingOutboxAsync(WatchedUpgrade.Sink, 100, default)).Select(entry => entry.Text)];

    private static async Task<IReadOnlyList<string>> EventsAsync(WatchedUpgrade watched) =>
        [.. (await watched.Store.EventsAfterAsync(0, 1000, default)).Where(e => e is { Type: "finding", Subject: "error-ratio" }).Select(e => $"{e.Code} {e.Text}")];
}
