using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using static UpgradeWatch.Engine.Tests.Watches.Scripted;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>A finding says where it is, and asking for that changes nothing else.</summary>
public sealed class ExplainTests
{
    private const string Sentence = "All of it is in route /checkout.";

    private static Scripted BadAfter(long step) => step > WatchedUpgrade.StepAt(10) ? Bad(step) : Good(step);

    [Fact]
    public async Task A_failure_says_where_it_is_and_keeps_saying_so_after_a_restart()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(BadAfter);
        watched.Source.WhereIs = Answer;
        await watched.RunAsync(30);
        var found = Finding(watched);
        watched.Source.WhereIs = _ => throw new InvalidOperationException("nobody asks so soon again");
        await watched.RestartAsync();
        await watched.RunAsync(1);

        Assert.Equal(FindingStatus.Fail, found.Status);
        Assert.EndsWith(Sentence, found.Reason, StringComparison.Ordinal);
        Assert.EndsWith(Sentence, watched.Verdict.Summary, StringComparison.Ordinal);
        Assert.Equal(["/checkout"], found.Where!.Labels[0].Values);
        Assert.EndsWith(Sentence, Finding(watched).Reason, StringComparison.Ordinal);
        Assert.Equal(found.Where.Until, Finding(watched).Where!.Until);
    }

    [Fact]
    public async Task It_asks_once_and_again_every_five_minutes_about_the_time_of_the_finding()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(BadAfter);
        watched.Source.WhereIs = Answer;
        await watched.RunAsync(45);

        var asked = watched.Source.Breakdowns.Where(request => request.Part == SignalPart.Errors).ToList();

        Assert.Equal(2, asked.Count);
        Assert.Equal((WatchedUpgrade.StepAt(0), 240), (asked[0].BeforeLast, asked[0].BeforeLast - asked[0].BeforeFirst + 1));
        Assert.InRange(asked[0].SinceFirst, WatchedUpgrade.StepAt(9), WatchedUpgrade.StepAt(11));
        Assert.Equal(20, asked[1].SinceLast - asked[0].SinceLast);
        Assert.Contains("pod", asked[0].Labels);
    }

    [Fact]
    public async Task A_good_version_is_not_asked_about()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(Good);

        await watched.RunAsync(60);

        Assert.Empty(watched.Source.Breakdowns);
    }

    [Fact]
    public async Task With_no_labels_configured_nothing_is_asked()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(BadAfter, new EvaluationOptions { ObservationSeconds = 1800, ExplainBy = [] });

        await watched.RunAsync(60);

        Assert.Empty(watched.Source.Breakdowns);
        Assert.Equal(FindingStatus.Fail, watched.Verdict.Status);
    }

    [Fact]
    public async Task An_answer_that_fails_or_throws_leaves_the_verdict_as_it_is()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(BadAfter);
        watched.Source.WhereIs = _ => throw new InvalidOperationException("a mistake");

        await watched.RunAsync(40);

        Assert.Equal((FindingStatus.Fail, FindingCodes.Level), (watched.Verdict.Status, watched.Verdict.Code));
        Assert.Null(Finding(watched).Where);
    }

    [Fact]
    public async Task An_answer_that_takes_long_holds_nothing_up_and_is_told_when_it_comes()
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(BadAfter);
        var answer = new TaskCompletionSource<SourceReply<Breakdown>>();
        watched.Source.WhereIs = _ => answer.Task;
        for (var i = 0; i < 40; i++) await RunOneWithoutWaiting(watched);
        var without = Finding(watched);
        answer.SetResult(Shop);
        await watched.RunAsync(1);

        Assert.Equal(FindingStatus.Fail, without.Status);
        Assert.Null(without.Where);
        Assert.EndsWith(Sentence, Finding(watched).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_annotation_of_a_finding_says_where_it_is_also_when_that_comes_later(bool isLate)
    {
        await using var watched = await WatchedUpgrade.UpgradedAsync(BadAfter);
        var answer = new TaskCompletionSource<SourceReply<Breakdown>>();
        if (!isLate) answer.SetResult(Shop);
        watched.Source.WhereIs = _ => answer.Task;
        for (var i = 0; i < 25; i++) await RunOneWithoutWaiting(watched);
        answer.TrySetResult(Shop);
        await watched.RunAsync(5);

        var points = (await watched.Store.PendingOutboxAsync(WatchedUpgrade.Sink, 100, default)).Select(entry => entry.Text).Where(text => text.Contains("error-ratio fail", StringComparison.Ordinal)).ToList();

        Assert.Equal(isLate ? 2 : 1, points.Count);
        Assert.Contains(Sentence, points[^1], StringComparison.Ordinal);
    }

    // The look waits a second for the answer, on the clock of the test.
    private static async Task RunOneWithoutWaiting(WatchedUpgrade watched)
    {
        var look = watched.RunAsync(1);
        while (await Task.WhenAny(look, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System)) != look)
        {
            watched.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await look;
    }

    private static SliFinding Finding(WatchedUpgrade watched) => watched.Verdict.Findings.Single(f => f.Sli == "error-ratio").Result;

    private static Task<SourceReply<Breakdown>> Answer(BreakdownRequest request) => Task.FromResult<SourceReply<Breakdown>>(Shop);

    private static Breakdown Shop => new()
    {
        Labels = ["route"],
        Events = [new LabelledCount(["/checkout"], 10, 500), new LabelledCount(["/cart"], 10, 3)],
        Exposures = [new LabelledCount(["/checkout"], 10_000, 2_000), new LabelledCount(["/cart"], 10_000, 2_000)],
        SecondsBefore = 3600,
        SecondsSince = 600,
    };
}
