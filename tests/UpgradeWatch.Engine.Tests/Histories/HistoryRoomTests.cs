using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Tests.Watches;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Histories;

/// <summary>Three targets, of which the history of two may be kept in memory: the third has its history when it is upgraded.</summary>
public sealed class HistoryRoomTests
{
    // A ratio, traffic and a gauge over 7 days.
    private const long NumbersOfOne = 4 * 7 * 1440;

    private static readonly EvaluationOptions Evaluation = new() { ObservationSeconds = 3600 };

    [Fact]
    public async Task What_is_kept_of_idle_targets_has_a_bound_and_all_of_them_have_their_history_when_they_are_upgraded()
    {
        await using var watched = await CreateAsync();
        await watched.WaitAsync(TimeSpan.Zero);
        var (kept, idle) = (watched.HistoryNumbers, watched.Source.MinuteTargets.Distinct().ToArray());

        await UpgradeAsync(watched, "mail");
        var past = watched.Service.Newest("mail")!.Past;
        await watched.WaitAsync(TimeSpan.FromMinutes(17));

        Assert.Equal(2 * NumbersOfOne, kept);
        Assert.Equal(["shop", "cart"], idle);
        Assert.Equal(watched.Service.Newest("mail")!.UpgradedAt!.Value.AddDays(-7), past!.From);
        Assert.InRange(watched.HistoryNumbers, 2 * NumbersOfOne, 2 * NumbersOfOne + 1000);
    }

    [Fact]
    public async Task The_room_of_one_that_is_upgraded_is_given_to_another_and_no_minute_is_read_twice()
    {
        await using var watched = await CreateAsync();
        await watched.WaitAsync(TimeSpan.Zero);

        foreach (var target in (string[])["shop", "mail", "cart", "shop", "mail"])
        {
            await UpgradeAsync(watched, target);
            for (var i = 0; i < 8; i++)
            {
                await watched.WaitAsync(TimeSpan.FromMinutes(17));
                Assert.InRange(watched.HistoryNumbers, 1, 2 * NumbersOfOne + 1000);
            }
        }

        foreach (var target in (string[])["shop", "cart", "mail"])
        {
            var minutes = watched.Source.MinuteReads.Zip(watched.Source.MinuteTargets).Where(read => read.Second == target)
                .SelectMany(read => Enumerable.Range(0, (int)(read.First.Last - read.First.First + 1)).Select(i => read.First.First + i)).ToArray();
            Assert.Equal(minutes.Length, minutes.Distinct().Count());
            Assert.InRange(minutes.Length, 7 * 1440 - 200, 8 * 1440 + 200);
            Assert.NotNull(watched.Service.Newest(target)!.Past);
        }

        Assert.InRange((double)watched.Source.Fetched / watched.Counters.Needed["prometheus"], 1, 1.05);
    }

    // Begun, judged with its history, and given up: the next upgrade is one of another day.
    private static async Task UpgradeAsync(WatchedUpgrade watched, string target)
    {
        var begun = await watched.Service.BeginAsync(new BeginCommand { Target = target, ToVersion = "2", Phase = Phase.PostUpgrade }, default);
        await watched.RunAsync(12);
        Assert.Null((await watched.Service.AdvanceAsync(begun.Upgrade!.Id, new AdvanceCommand { Phase = Phase.Completed }, default)).Refusal);
    }

    private static async Task<WatchedUpgrade> CreateAsync()
    {
        var options = new EngineOptions
        {
            Targets = [new TargetOptions { Name = "cart", Evaluation = Evaluation }, new TargetOptions { Name = "mail", Evaluation = Evaluation }],
            MostHistoryNumbers = (2 * NumbersOfOne) + (NumbersOfOne / 2),
        };
        var watched = await WatchedUpgrade.CreateAsync(step => Days.At(step), Evaluation, options: options);
        watched.Source.HasGauge = true;
        return watched;
    }
}
