using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Tests.Watches;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>Known upgrades and incidents are neither part of what an upgrade is compared with nor among the moments it is compared with.</summary>
public sealed class LeftOutTests
{
    private static readonly EvaluationOptions Evaluation = new() { ObservationSeconds = 3600 };
    private static readonly long UpgradeStep = WatchedUpgrade.StepAt(0);

    // An hour of trouble on each of the five days before, at other hours.
    private static readonly Incident[] Incidents = [.. Enumerable.Range(1, 5).Select(day => Hour(WatchedUpgrade.Start.AddDays(-day).AddHours(2 * day)))];

    [Fact]
    public async Task Incidents_hide_nothing_when_somebody_noted_them()
    {
        await using var noted = await UpgradedAsync(Troubled, new ScriptedIncidents(Incidents));
        await using var unknown = await UpgradedAsync(Troubled, new ScriptedIncidents());

        await noted.RunAsync(60);
        await unknown.RunAsync(60);

        Assert.Equal("fail", noted.Finding("level").Status);
        Assert.Contains("Left out of what it is compared with: the incident \"the disk was full\"", noted.Finding("level").Reason, StringComparison.Ordinal);
        Assert.Contains("and 2 more", noted.Finding("level").Reason, StringComparison.Ordinal);
        Assert.NotEqual("fail", unknown.Finding("level").Status);
    }

    [Fact]
    public async Task What_was_left_out_stays_so_whatever_is_noted_later()
    {
        await using var watched = await UpgradedAsync(Troubled, new ScriptedIncidents(Incidents));
        await watched.RunAsync(30);
        var before = watched.Upgrade.LeftOut!.Times;

        watched.Incidents.Clear();
        await watched.RestartAsync();
        await watched.RunAsync(30);

        Assert.Equal(5, before.Count);
        Assert.Equal(before, watched.Upgrade.LeftOut.Times);
        Assert.Equal("fail", watched.Finding("level").Status);
    }

    [Fact]
    public async Task Nobody_waits_for_whoever_keeps_the_incidents_and_that_they_are_unknown_is_said()
    {
        var gone = new ScriptedIncidents { Failure = new SourceFailure(SourceFailureKind.Unreachable, "Grafana refused the connection.") };
        await using var watched = await UpgradedAsync(step => Days.At(step), gone);

        await watched.RunAsync(250);

        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.Contains("Incidents could not be left out: Grafana refused the connection.", watched.Finding("level").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_within_the_baseline_is_cut_out_of_it()
    {
        var incident = new Incident(WatchedUpgrade.Start.AddMinutes(-40), WatchedUpgrade.Start.AddMinutes(-20), "");
        var (first, last) = (WatchedUpgrade.StepAt(-160), WatchedUpgrade.StepAt(-80));
        await using var watched = await UpgradedAsync(step => step > first && step <= last ? Scripted.Bad(step) : Scripted.Good(step), new ScriptedIncidents(incident));

        await watched.RunAsync(20);

        Assert.Equal(WatchedUpgrade.Start.AddMinutes(-80), watched.Upgrade.Baseline!.From);
        Assert.Contains("0.07 %", watched.Finding("error-ratio").Reason, StringComparison.Ordinal);
        Assert.Contains("an incident (4 May 11:20 to 11:40 UTC)", watched.Finding("error-ratio").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 22)]
    public async Task Of_the_last_upgrade_the_rollout_is_left_out_and_its_warm_up_when_asked_for(bool leaveOutWarmup, int minutes)
    {
        await using var watched = await WatchedUpgrade.CreateAsync(Scripted.Good, Evaluation with { ObservationSeconds = 600, LeaveOutWarmup = leaveOutWarmup });
        await watched.BeginAsync(Phase.Upgrading);
        await watched.RunAsync(80);
        await watched.MoveAsync(Phase.PostUpgrade);
        await watched.RunAsync(60);
        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(5);

        var left = Assert.Single(watched.Upgrade.LeftOut!.Times);
        Assert.Equal((WatchedUpgrade.Start, WatchedUpgrade.Start.AddMinutes(minutes), "the upgrade to 2"), (left.From, left.Until, left.Why));
        Assert.Equal(watched.Upgrade.UpgradedAt!.Value.AddMinutes(-60 - minutes), watched.Upgrade.Baseline!.From);
    }

    [Fact]
    public async Task Of_upgrades_before_the_last_all_is_left_out_until_their_window_closed()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(Scripted.Good, Evaluation with { ObservationSeconds = 600 });
        for (var i = 0; i < 2; i++)
        {
            await watched.BeginAsync(Phase.PostUpgrade);
            await watched.RunAsync(60);
        }

        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(2);

        var left = Assert.Single(watched.Upgrade.LeftOut!.Times);
        Assert.Equal((WatchedUpgrade.Start, WatchedUpgrade.Start.AddMinutes(10)), (left.From, left.Until));
    }

    private static Scripted Troubled(long step)
    {
        var at = Days.TimeOf(step);
        var inTrouble = Incidents.Any(one => at > one.From && at <= one.Until);
        return Days.At(step, factor: inTrouble ? 4 : step > UpgradeStep ? 1.5 : 1);
    }

    private static Incident Hour(DateTimeOffset from) => new(from, from.AddHours(1), "the disk was full");

    private static async Task<WatchedUpgrade> UpgradedAsync(Func<long, Scripted?> script, IIncidentSource incidents)
    {
        var watched = await WatchedUpgrade.CreateAsync(script, Evaluation);
        watched.Incidents.Add(incidents);
        watched.Source.HasGauge = true;
        await watched.BeginAsync(Phase.PostUpgrade);
        return watched;
    }
}
