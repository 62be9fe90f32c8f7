using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Tests.Watches;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>What days of history before an upgrade do to its verdict, and that nothing moves them afterwards.</summary>
public sealed class HistoryTests
{
    private static readonly EvaluationOptions Evaluation = new() { ObservationSeconds = 3600 };
    private static readonly SourceFailure Gone = new(SourceFailureKind.Timeout, "Prometheus gave no answer in time.");
    private static readonly SourceFailure TooMany = new(SourceFailureKind.Refused, "The query would load too many samples.");
    private static readonly long UpgradeStep = WatchedUpgrade.StepAt(0);

    [Fact]
    public async Task What_follows_the_day_as_on_other_days_passes()
    {
        await using var watched = await UpgradedAsync(step => Days.At(step));

        await watched.RunAsync(250);

        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.Contains("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
        Assert.Contains("usual at this hour", watched.Finding("traffic").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_leaves_its_day_is_flagged_and_says_what_was_usual()
    {
        await using var watched = await UpgradedAsync(step => Days.At(step, factor: step > UpgradeStep ? 1.5 : 1));

        await watched.RunAsync(120);

        var level = watched.Finding("level");
        Assert.Equal(("fail", FindingCodes.Level), (level.Status, level.Code));
        Assert.Contains("when nothing was upgraded", level.Reason, StringComparison.Ordinal);
        Assert.Equal(FindingStatus.Fail, watched.Verdict.Status);
    }

    [Fact]
    public async Task Traffic_that_falls_every_evening_is_no_loss_and_half_of_it_is()
    {
        // From 15:00 on it goes down for 12 hours.
        var evening = WatchedUpgrade.Start.AddHours(5);
        var evaluation = Evaluation with { ObservationSeconds = 4 * 3600 };
        await using var usual = await UpgradedAsync(step => Days.At(step), evaluation, evening);
        await using var halved = await UpgradedAsync(
            step => Days.At(step) is var now && step > Days.StepAt(evening) ? now with { Requests = Math.Round(now.Requests / 2) } : now, evaluation, evening);

        await usual.RunAsync(970);
        await halved.RunAsync(120);

        Assert.Equal((FindingStatus.Pass, true), (usual.Verdict.Status, usual.Verdict.Final));
        Assert.Equal("fail", halved.Finding("traffic").Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    public async Task After_a_restart_everything_is_said_as_before_also_when_the_source_has_forgotten_all(double factor)
    {
        Scripted Truth(long step) => Days.At(step, factor: step > UpgradeStep ? factor : 1);
        await using var one = await UpgradedAsync(Truth);
        await using var other = await UpgradedAsync(Truth);
        await one.RunAsync(100);

        await other.RunAsync(40);
        other.Source.Script = step => step > UpgradeStep ? Truth(step) : null;
        await other.RestartAsync();
        await other.RunAsync(60);

        Assert.Equal(one.Verdict.Findings.Select(f => (f.Sli, f.Result)), other.Verdict.Findings.Select(f => (f.Sli, f.Result)));
        Assert.Equal(one.Upgrade.Past, other.Upgrade.Past);
    }

    [Fact]
    public async Task History_that_comes_late_is_what_would_have_come_in_time_and_counts_do_not_wait_for_it()
    {
        Scripted Truth(long step) => Days.At(step, factor: step > UpgradeStep ? 1.5 : 1) is var now && step > UpgradeStep ? now with { Errors = now.Requests * 0.05 } : now;
        await using var inTime = await UpgradedAsync(Truth);
        await using var late = await UpgradedAsync(Truth, noHistory: Gone);
        await inTime.RunAsync(50);

        await late.RunAsync(45);
        var without = (late.Finding("error-ratio").Status, late.Finding("level").Code, late.HistoryHealth.Failure);
        late.Source.NoHistory = null;
        late.Source.Script = step => step > UpgradeStep - (3 * 5760) ? Truth(step) : Days.At(step);
        await late.RunAsync(5);

        // Back-off may have it wait for some minutes more.
        await late.WaitAsync(TimeSpan.Zero);
        await late.RunAsync(30);
        await inTime.RunAsync(30);

        Assert.Equal(("fail", FindingCodes.Provisional, Gone), without);
        Assert.Null(late.HistoryHealth.Failure);
        Assert.Equal(inTime.Finding("level"), late.Finding("level"));
        Assert.Equal("fail", late.Finding("level").Status);
        Assert.Equal(inTime.Upgrade.Past, late.Upgrade.Past);
    }

    [Fact]
    public async Task Where_the_older_part_cannot_be_read_what_there_is_is_taken_after_a_quarter_of_an_hour()
    {
        await using var watched = await UpgradedAsync(step => Days.At(step));
        var twoDaysAgo = WatchedUpgrade.Start.AddDays(-2);
        await using var half = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(half);
        half.Source.HistoryFrom = twoDaysAgo;
        await half.BeginAsync(Phase.PostUpgrade);

        await half.RunAsync(30);
        var waiting = half.Upgrade.Past;
        await half.RunAsync(70);

        Assert.Null(waiting);
        Assert.NotNull(half.Upgrade.Past);
        Assert.InRange(half.Upgrade.Past.From, twoDaysAgo.AddDays(-1), twoDaysAgo.AddDays(1));
        Assert.Equal(Gone.Kind, half.HistoryHealth.Failure?.Kind ?? Gone.Kind);
    }

    [Fact]
    public async Task A_series_that_is_refused_for_minutes_is_no_gap()
    {
        await using var inTime = await UpgradedAsync(step => Days.At(step));
        await using var late = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(late);
        late.Source.RefusedHistory = TooMany;
        await late.BeginAsync(Phase.PostUpgrade);
        await inTime.RunAsync(100);

        await late.RunAsync(20);
        var (waiting, trouble) = (late.Upgrade.Past, late.HistoryHealth.Failure);
        late.Source.RefusedHistory = null;
        await late.RunAsync(80);

        Assert.Null(waiting);
        Assert.Equal(TooMany, trouble);
        Assert.Equal(inTime.Finding("level"), late.Finding("level"));
    }

    [Fact]
    public async Task A_series_that_is_refused_for_a_quarter_of_an_hour_does_not_keep_the_others_from_their_history()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(watched);
        watched.Source.RefusedHistory = TooMany;
        await watched.BeginAsync(Phase.PostUpgrade);

        await watched.RunAsync(110);

        Assert.Equal(watched.Upgrade.UpgradedAt!.Value.AddDays(-7), watched.Upgrade.Past!.From);
        Assert.Contains("usual at this hour", watched.Finding("traffic").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
        Assert.Null(watched.HistoryHealth.Failure);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(400)]
    [InlineData(60)]
    public async Task A_source_that_cannot_answer_a_day_at_once_is_asked_for_less(int most)
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(watched);
        watched.Source.MostMinutes = most;
        for (var i = 0; i < 400; i++) await watched.WaitAsync(TimeSpan.FromSeconds(6));
        await watched.BeginAsync(Phase.PostUpgrade);

        await watched.RunAsync(30);

        Assert.Equal(watched.Upgrade.UpgradedAt!.Value.AddDays(-7), watched.Upgrade.Past!.From);
        Assert.Contains("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_that_is_entered_when_it_is_over_is_judged_with_its_history()
    {
        var upgradedAt = WatchedUpgrade.Start.AddHours(-5);
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step, factor: step > Days.StepAt(upgradedAt) ? 1.5 : 1), Evaluation);
        Prepare(watched);
        await watched.BeginAsync(Phase.PostUpgrade, at: upgradedAt);

        await watched.RunAsync(3);

        Assert.Equal((FindingStatus.Fail, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.Contains("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_entered_while_nothing_is_to_be_read_does_not_wait_until_something_is()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(watched);
        var idle = await watched.RestOfHistoryAsync();

        // Its baseline is not frozen before the next evaluation, and nobody tells when it is.
        await watched.BeginAsync(Phase.PostUpgrade, at: WatchedUpgrade.Start.AddHours(-5));
        var entered = await watched.RestOfHistoryAsync();

        Assert.Equal(TimeSpan.FromMinutes(15), idle);
        Assert.Equal(TimeSpan.FromSeconds(2), entered);
    }

    [Fact]
    public async Task A_window_waits_a_quarter_of_an_hour_for_the_history_and_then_ends_without_it()
    {
        await using var watched = await UpgradedAsync(step => Days.At(step), noHistory: Gone);

        await watched.RunAsync(240 + 58);
        var waiting = watched.Verdict;
        await watched.RunAsync(4);

        Assert.Equal((FindingStatus.Pass, false), (waiting.Status, waiting.Final));
        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
    }

    [Fact]
    public async Task Every_minute_is_read_once_over_chunks_growth_and_the_baseline()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(watched);
        await watched.WaitAsync(TimeSpan.Zero);
        var idle = watched.Source.MinuteReads.Count;
        for (var i = 0; i < 12; i++) await watched.WaitAsync(TimeSpan.FromMinutes(17));
        await watched.BeginAsync(Phase.PostUpgrade, at: watched.Time.GetUtcNow());
        await watched.RunAsync(20);

        var minutes = watched.Source.MinuteReads.SelectMany(Each).ToArray();
        var baseline = watched.Source.Reads[0];
        Assert.Equal(7, idle);
        Assert.Equal(minutes.Length, minutes.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, minutes.Length).Select(i => minutes.Min() + i), minutes.Order());
        Assert.Equal(baseline.First - 1, minutes.Max() * 4);
        Assert.InRange((double)watched.Source.Fetched / watched.Counters.Needed["prometheus"], 1, 1.05);
        Assert.Equal(watched.Upgrade.UpgradedAt!.Value.AddDays(-7), watched.Upgrade.Past!.From);
    }

    [Theory]
    [InlineData(300, 3600.0, true)]
    [InlineData(3600, 300.0, false)]
    [InlineData(3600, null, true)]
    [InlineData(300, null, false)]
    public async Task Whether_an_upgrade_gets_its_history_is_decided_by_its_own_window(double usual, double? own, bool isRead)
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation with { ObservationSeconds = usual, MinimumSeconds = 60 });
        Prepare(watched);
        await watched.WaitAsync(TimeSpan.Zero);
        var idle = watched.Source.MinuteReads.Count;

        await watched.Service.BeginAsync(new BeginCommand { Target = "shop", ToVersion = "2", Phase = Phase.PostUpgrade, ObservationWindowSeconds = own }, default);
        await watched.RunAsync(16);

        // What is read ahead, while no upgrade says otherwise, goes by what is usual.
        Assert.Equal(usual >= 600, idle > 0);
        Assert.Equal(isRead, watched.Upgrade.Past is not null);
        Assert.Equal(isRead, watched.Finding("level").Reason.Contains("usual at this hour", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_refused_query_was_given_up_a_new_plan_brings_its_history_before_the_next_upgrade()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(watched);
        watched.Source.RefusedHistory = TooMany;
        for (var i = 0; i < 30; i++) await watched.WaitAsync(TimeSpan.FromMinutes(1));
        var (withoutGauge, trouble) = (watched.Source.MinuteReads.Count, watched.HistoryHealth.Failure);

        // The query is mended, and the target shows one SLI more.
        (watched.Source.RefusedHistory, watched.Source.HasQuantile) = (null, true);
        for (var i = 0; i < 3; i++) await watched.WaitAsync(TimeSpan.FromMinutes(17));
        var again = watched.Source.MinuteReads.Count - withoutGauge;
        watched.Source.NoHistory = Gone;
        await watched.BeginAsync(Phase.PostUpgrade);
        watched.Source.NoHistory = null;
        await watched.RunAsync(16);

        Assert.Null(trouble);
        Assert.InRange(again, 7, 9);
        Assert.Contains("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
        Assert.Equal(watched.Upgrade.UpgradedAt!.Value.AddDays(-7), watched.Upgrade.Past!.From, TimeSpan.FromHours(1.1));
    }

    [Fact]
    public async Task A_full_disk_only_delays_the_history()
    {
        await using var watched = await UpgradedAsync(step => Days.At(step));
        watched.Source.NoHistory = Gone;
        await watched.RunAsync(3);
        watched.Source.NoHistory = null;
        watched.Store.IsFull = true;
        await watched.RunAsync(40);
        var (without, trouble) = (watched.Upgrade.Past, watched.HistoryHealth.Failure);
        watched.Store.IsFull = false;
        await watched.RunAsync(40);

        Assert.Null(without);
        Assert.Contains("could not be stored", trouble!.Message, StringComparison.Ordinal);
        Assert.Contains("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreFailure.Corrupt)]
    [InlineData(StoreFailure.Newer)]
    [InlineData(null)]
    public async Task A_history_that_is_lost_in_the_store_is_done_without_and_nothing_waits_for_it(StoreFailure? failure)
    {
        await using var watched = await UpgradedAsync(step => Days.At(step));
        await watched.RunAsync(40);
        await watched.RestartAsync();
        (watched.Store.NoHistory, watched.Store.IsEmpty) = (failure, failure is null);

        await watched.RunAsync(210);

        Assert.Equal((FindingStatus.Pass, true), (watched.Verdict.Status, watched.Verdict.Final));
        Assert.DoesNotContain("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_busy_for_a_while_does_not_cost_an_upgrade_its_history()
    {
        Scripted Truth(long step) => Days.At(step, factor: step > UpgradeStep ? 1.5 : 1);
        await using var one = await UpgradedAsync(Truth);
        await using var other = await UpgradedAsync(Truth);
        await one.RunAsync(120);

        await other.RunAsync(40);
        await other.RestartAsync();
        other.Store.NoHistory = StoreFailure.Locked;
        await other.RunAsync(20);
        other.Store.NoHistory = null;
        await other.RunAsync(60);

        Assert.Equal(one.Verdict.Findings.Select(f => (f.Sli, f.Result)), other.Verdict.Findings.Select(f => (f.Sli, f.Result)));
        Assert.Equal(FindingStatus.Fail, other.Verdict.Status);
    }

    [Fact]
    public async Task The_next_upgrade_goes_on_from_the_history_of_the_last()
    {
        await using var watched = await UpgradedAsync(step => Days.At(step));
        await watched.RunAsync(250);
        var first = watched.Source.MinuteReads.Count;

        await watched.RestartAsync();
        for (var i = 0; i < 30; i++) await watched.WaitAsync(TimeSpan.FromMinutes(17));
        await watched.BeginAsync(Phase.PostUpgrade);
        await watched.RunAsync(30);

        var again = watched.Source.MinuteReads.Skip(first).SelectMany(Each).ToArray();
        Assert.NotEmpty(again);
        Assert.True(again.Min() * 60 > WatchedUpgrade.Start.ToUnixTimeSeconds());
        Assert.Equal(watched.Upgrade.UpgradedAt!.Value.AddDays(-7), watched.Upgrade.Past!.From, TimeSpan.FromHours(1.1));
        Assert.Contains("usual at this hour", watched.Finding("level").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_of_hours_is_compared_with_moments_watched_for_as_long()
    {
        await using var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation);
        Prepare(watched);
        await watched.BeginAsync(Phase.Upgrading);
        await watched.RunAsync(480);
        var planned = watched.Upgrade.Past!.HorizonMinutes;
        await watched.MoveAsync(Phase.PostUpgrade);
        await watched.RunAsync(2);

        Assert.Equal((90, 180), (planned, watched.Upgrade.Past!.HorizonMinutes));
    }

    [Theory]
    [InlineData("2026-03-29T09:00:00Z")]
    [InlineData("2026-10-25T09:00:00Z")]
    public async Task On_the_days_on_which_the_clocks_change_the_time_of_day_is_that_of_the_place(string day)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var start = DateTimeOffset.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        await using var right = await UpgradedAsync(step => Days.At(step, berlin), Evaluation with { TimeZone = "Europe/Berlin" }, start);
        await using var bad = await UpgradedAsync(
            step => Days.At(step, berlin, step > Days.StepAt(start) ? 1.5 : 1), Evaluation with { TimeZone = "Europe/Berlin" }, start);

        await right.RunAsync(250);
        await bad.RunAsync(120);

        Assert.Equal((FindingStatus.Pass, true), (right.Verdict.Status, right.Verdict.Final));
        Assert.Equal("fail", bad.Finding("level").Status);
    }

    [Theory]
    [InlineData(Phase.PostUpgrade)]
    [InlineData(Phase.Upgrading)]
    public async Task A_cold_start_that_is_over_with_the_warm_up_is_held_against_nobody(Phase phase)
    {
        await using var watched = await WatchedUpgrade.CreateAsync(Timed, Evaluation);
        watched.Source.HasQuantile = true;
        await watched.BeginAsync(phase);

        for (var step = 1; step <= 40; step++)
        {
            await watched.RunAsync(1);
            var finding = watched.Verdict.Findings.SingleOrDefault(f => f.Sli == "latency-p95")?.Result;
            Assert.False(finding is { Status: FindingStatus.Warn or FindingStatus.Fail }, $"after {step} steps: {finding?.Reason}");
            Assert.False((step > 20 && phase == Phase.PostUpgrade) && finding?.Status != FindingStatus.Pass, $"after {step} steps: {finding?.Reason}");
        }

        Assert.Contains("is usual", watched.Finding("latency-p95").Reason, StringComparison.Ordinal);

        static Scripted Timed(long step) => Days.At(step) with
        {
            Bounds = [0.1, 0.2, 0.4, 0.8, 1.6, double.PositiveInfinity],
            MeanSeconds = 0.1 * (1 + (0.02 * Math.Sin(step * 1.7))) * (step > UpgradeStep && step <= UpgradeStep + 8 ? 3 : 1),
        };
    }

    internal static async Task<WatchedUpgrade> UpgradedAsync(
        Func<long, Scripted?> script, EvaluationOptions? evaluation = null, DateTimeOffset? start = null, SourceFailure? noHistory = null)
    {
        var watched = await WatchedUpgrade.CreateAsync(script, evaluation ?? Evaluation, start);
        Prepare(watched);
        watched.Source.NoHistory = noHistory;
        await watched.BeginAsync(Phase.PostUpgrade);
        return watched;
    }

    private static void Prepare(WatchedUpgrade watched)
    {
        watched.Source.HasGauge = true;
    }

    private static IEnumerable<long> Each((long First, long Last) read) => Enumerable.Range(0, (int)(read.Last - read.First + 1)).Select(i => read.First + i);
}
