using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Engine.Tests.Verdicts;

public sealed class VerdictPolicyTests
{
    private static readonly VerdictFacts Watched = new(Watching: true, MinimumReached: true, Closed: false, BaselineUnhealthy: false, HasFailed: false, PassNote: "Fine.");

    [Theory]
    [InlineData("fail inconclusive/source warn", "fail")]
    [InlineData("inconclusive/source warn pass", "inconclusive")]
    [InlineData("warn pending", "warn")]
    [InlineData("pass pending", "pending")]
    [InlineData("pass inconclusive/no-baseline", "pending")]
    [InlineData("pass pass", "pass")]
    public void The_first_that_holds_decides(string findings, string expected) =>
        Assert.Equal(expected, VerdictPolicy.Decide(Critical(findings), Watched).Status.ToText());

    [Theory]
    [InlineData("pass inconclusive/no-baseline", "inconclusive")]
    [InlineData("pass pending", "inconclusive")]
    [InlineData("pass warn", "warn")]
    [InlineData("pass", "pass")]
    [InlineData("", "inconclusive")]
    public void When_the_window_has_closed_everything_is_decided(string findings, string expected)
    {
        var verdict = VerdictPolicy.Decide(Critical(findings), Watched with { Closed = true });

        Assert.Equal(expected, verdict.Status.ToText());
        Assert.True(verdict.Final);
    }

    [Fact]
    public void It_never_passes_before_post_upgrade_nor_before_the_minimum()
    {
        var findings = Critical("pass pass");

        Assert.Equal(FindingStatus.Pending, VerdictPolicy.Decide(findings, Watched with { Watching = false, MinimumReached = false }).Status);
        Assert.Equal(FindingStatus.Pending, VerdictPolicy.Decide(findings, Watched with { MinimumReached = false }).Status);
    }

    [Fact]
    public void It_fails_while_the_upgrade_is_being_rolled_out() =>
        Assert.Equal(FindingStatus.Fail, VerdictPolicy.Decide(Critical("fail"), Watched with { Watching = false, MinimumReached = false }).Status);

    [Fact]
    public void An_unhealthy_baseline_makes_it_a_warning_at_best_and_at_worst()
    {
        var unhealthy = Watched with { BaselineUnhealthy = true };

        foreach (var findings in (string[])["fail", "pass"])
        {
            var verdict = VerdictPolicy.Decide(Critical(findings), unhealthy);
            Assert.Equal((FindingStatus.Warn, FindingCodes.BaselineUnhealthy), (verdict.Status, verdict.Code));
        }
    }

    [Theory]
    [InlineData("pass", true)]
    [InlineData("pass", false)]
    [InlineData("pass pending", true)]
    public void After_a_failure_it_is_a_warning_at_best_and_never_as_if_nothing_had_been(string findings, bool minimumReached)
    {
        var verdict = VerdictPolicy.Decide(Critical(findings), Watched with { HasFailed = true, MinimumReached = minimumReached });

        Assert.Equal((FindingStatus.Warn, FindingCodes.Recovered), (verdict.Status, verdict.Code));
    }

    [Fact]
    public void What_is_not_critical_can_only_warn()
    {
        var findings = new[] { Of("error-ratio", "pass", critical: true), Of("cpu", "warn", critical: false) };

        Assert.Equal(FindingStatus.Warn, VerdictPolicy.Decide(findings, Watched).Status);
    }

    [Fact]
    public void The_summary_is_the_reason_of_the_surest_failure()
    {
        var findings = new[] { Of("traffic", "fail", true, 0.009), Of("error-ratio", "fail", true, 1e-6), Of("latency", "pass", true) };

        Assert.Equal("error-ratio is fail", VerdictPolicy.Decide(findings, Watched).Summary);
    }

    private static Finding[] Critical(string findings) =>
        [.. findings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((text, i) => Of($"sli{i}", text, critical: true))];

    private static Finding Of(string sli, string text, bool critical, double? p = null)
    {
        var parts = text.Split('/');
        return new Finding
        {
            Sli = sli,
            Kind = SliKind.Ratio,
            Direction = Direction.Up,
            Critical = critical,
            Unit = "ratio",
            Result = new SliFinding
            {
                Status = (FindingStatus)VerdictNames.Statuses.ToList().IndexOf(parts[0]),
                Code = parts.Length > 1 ? parts[1] : FindingCodes.Level,
                Reason = $"{sli} is {parts[0]}",
                PValue = p,
            },
        };
    }
}
