using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Tests.Checklists;

public sealed class ChecklistDriverTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20000);

    [Fact]
    public void The_scope_is_identified_when_both_versions_are_known()
    {
        Assert.Equal(ItemStatus.Done, Driven("identify-scope", Upgrade(Phase.PreUpgrade)));
        Assert.Equal(ItemStatus.Pending, Driven("identify-scope", Upgrade(Phase.PreUpgrade) with { FromVersion = null }));
    }

    [Theory]
    [InlineData(ItemStatus.Pending, Phase.PreUpgrade)]
    [InlineData(ItemStatus.InProgress, Phase.PreUpgrade, Phase.Upgrading)]
    [InlineData(ItemStatus.Done, Phase.Upgrading, Phase.PostUpgrade)]
    [InlineData(ItemStatus.Done, Phase.Upgrading, Phase.PostUpgrade, Phase.Completed)]
    [InlineData(ItemStatus.Flagged, Phase.Upgrading, Phase.RollingBack)]
    [InlineData(ItemStatus.Flagged, Phase.Upgrading, Phase.PostUpgrade, Phase.RollingBack, Phase.RolledBack)]
    [InlineData(ItemStatus.Skipped, Phase.PreUpgrade, Phase.Aborted)]
    [InlineData(ItemStatus.Flagged, Phase.Upgrading, Phase.Aborted)]
    [InlineData(ItemStatus.Done, Phase.Upgrading, Phase.PostUpgrade, Phase.Aborted)]
    public void Executing_the_upgrade_follows_the_phase(ItemStatus expected, params Phase[] phases) =>
        Assert.Equal(expected, Driven("execute-upgrade", Upgrade(phases)));

    [Theory]
    [InlineData(ItemStatus.Pending, TargetHealth.Down, Phase.PreUpgrade)]
    [InlineData(ItemStatus.InProgress, TargetHealth.Unknown, Phase.Upgrading)]
    [InlineData(ItemStatus.InProgress, TargetHealth.Up, Phase.Upgrading)]
    [InlineData(ItemStatus.Flagged, TargetHealth.Down, Phase.Upgrading)]
    [InlineData(ItemStatus.Done, TargetHealth.Up, Phase.PostUpgrade)]
    [InlineData(ItemStatus.Flagged, TargetHealth.Down, Phase.PostUpgrade)]
    public void Health_follows_whether_the_target_is_up(ItemStatus expected, TargetHealth health, params Phase[] phases) =>
        Assert.Equal(expected, Driven("health-check", Upgrade(phases), health));

    [Fact]
    public void A_flag_on_the_health_stays_while_nothing_is_known_and_goes_when_the_target_is_back()
    {
        var down = Upgrade(Phase.PostUpgrade);
        down = down with { Checklist = ChecklistDriver.Drive(down, new HealthReport(TargetHealth.Down, []), Now) };

        Assert.Equal(ItemStatus.Flagged, Driven("health-check", down, TargetHealth.Unknown));
        Assert.Equal(ItemStatus.Done, Driven("health-check", down, TargetHealth.Up));
    }

    [Theory]
    [InlineData(ItemStatus.InProgress, FindingStatus.Pending, false)]
    [InlineData(ItemStatus.InProgress, FindingStatus.Pass, false)]
    [InlineData(ItemStatus.InProgress, FindingStatus.Warn, false)]
    [InlineData(ItemStatus.InProgress, FindingStatus.Inconclusive, false)]
    [InlineData(ItemStatus.Flagged, FindingStatus.Fail, false)]
    [InlineData(ItemStatus.Flagged, FindingStatus.Fail, true)]
    [InlineData(ItemStatus.Done, FindingStatus.Pass, true)]
    [InlineData(ItemStatus.Done, FindingStatus.Warn, true)]
    [InlineData(ItemStatus.Pending, FindingStatus.Inconclusive, true)]
    public void Monitoring_the_metrics_follows_the_verdict(ItemStatus expected, FindingStatus status, bool final)
    {
        var upgrade = Upgrade(Phase.Upgrading, Phase.PostUpgrade) with { Verdict = Verdict.Nothing with { Status = status, Final = final } };

        Assert.Equal(expected, Driven("monitor-metrics", upgrade));
    }

    [Fact]
    public void Nothing_is_monitored_before_the_upgrade_begins() => Assert.Equal(ItemStatus.Pending, Driven("monitor-metrics", Upgrade(Phase.PreUpgrade)));

    [Fact]
    public void The_review_is_there_once_the_verdict_is_final()
    {
        var upgrade = Upgrade(Phase.Completed);

        Assert.Equal(ItemStatus.Pending, Driven("post-implementation-review", upgrade));
        Assert.Equal(ItemStatus.Done, Driven("post-implementation-review", upgrade with { Verdict = upgrade.Verdict with { Final = true } }));
    }

    [Fact]
    public void What_a_person_has_overridden_stays()
    {
        var upgrade = Upgrade(Phase.PreUpgrade);
        upgrade = upgrade with
        {
            Checklist = [.. upgrade.Checklist.Select(item => item with { Status = ItemStatus.Skipped, Overridden = true })],
        };

        Assert.Same(upgrade.Checklist, ChecklistDriver.Drive(upgrade, new HealthReport(TargetHealth.Up, []), Now));
    }

    [Fact]
    public void A_change_carries_who_and_when_and_no_change_gives_the_same_list()
    {
        var upgrade = Upgrade(Phase.Upgrading);

        var driven = ChecklistDriver.Drive(upgrade, new HealthReport(TargetHealth.Up, []), Now);

        Assert.Equal(("upgradewatch", Now), (driven.Single(item => item.Id == "execute-upgrade").ChangedBy, driven.Single(item => item.Id == "execute-upgrade").ChangedAt));
        Assert.Null(driven.Single(item => item.Id == "dry-run").ChangedBy);
        Assert.Same(driven, ChecklistDriver.Drive(upgrade with { Checklist = driven }, new HealthReport(TargetHealth.Up, []), Now.AddHours(1)));
    }

    private static ItemStatus Driven(string id, Upgrade upgrade, TargetHealth health = TargetHealth.Up) =>
        ChecklistDriver.Drive(upgrade, new HealthReport(health, []), Now).Single(item => item.Id == id).Status;

    private static Upgrade Upgrade(params Phase[] phases) => new()
    {
        Id = "01J0000000000000000000000A",
        Revision = 1,
        Target = "checkout",
        FromVersion = "1.4.2",
        ToVersion = "1.5.0",
        ObservationSeconds = 3600,
        CreatedAt = Now,
        History = [.. phases.Select((phase, index) => new PhaseEntry(phase, Now.AddMinutes(index), Now))],
        Checklist = ChecklistTemplate.Create(new ChecklistOptions(), TargetKind.Service),
        Verdict = Verdict.Nothing,
    };
}
