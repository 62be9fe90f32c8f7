using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Http;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class GateApiTests
{
    [Theory]
    [InlineData(FindingStatus.Pending, false, 20, 425, 425)]
    [InlineData(FindingStatus.Pass, false, 20, 200, 425)]
    [InlineData(FindingStatus.Pass, true, 60, 200, 200)]
    [InlineData(FindingStatus.Warn, false, 20, 200, 425)]
    [InlineData(FindingStatus.Warn, false, 2, 425, 425)]
    [InlineData(FindingStatus.Warn, true, 2, 200, 200)]
    [InlineData(FindingStatus.Fail, false, 2, 409, 409)]
    [InlineData(FindingStatus.Fail, true, 60, 409, 409)]
    [InlineData(FindingStatus.Inconclusive, false, 20, 424, 425)]
    [InlineData(FindingStatus.Inconclusive, true, 60, 424, 424)]
    public void The_status_code_follows_the_verdict(FindingStatus status, bool isFinal, int minutesWatched, int expected, int expectedUntilFinal)
    {
        var upgrade = Watched(status, isFinal, minutesWatched);

        Assert.Equal(expected, Gate.Of(upgrade, untilFinal: false).Status);
        Assert.Equal(expectedUntilFinal, Gate.Of(upgrade, untilFinal: true).Status);
    }

    [Fact]
    public async Task The_body_is_one_plain_sentence()
    {
        await using var server = await RunningServer.StartAsync();
        var id = await VerdictApiTests.FailAsync(server);

        using var gate = await server.Api.GetAsync($"/api/v1/upgrades/{id}/gate");
        using var target = await server.Api.GetAsync("/api/v1/targets/checkout/gate?until=final");

        Assert.Equal(409, (int)gate.StatusCode);
        Assert.Equal(409, (int)target.StatusCode);
        Assert.Equal("text/plain", gate.Content.Headers.ContentType!.MediaType);
        Assert.Equal((await server.GetAsync($"/api/v1/upgrades/{id}/verdict")).GetProperty("summary").GetString(), await gate.Content.ReadAsStringAsync());
    }

    private static Upgrade Watched(FindingStatus status, bool isFinal, int minutes) => new()
    {
        Id = "01J",
        Revision = 1,
        Target = "checkout",
        ToVersion = "1.5.0",
        ObservationSeconds = 3600,
        Evaluation = new EvaluationOptions { MinimumSeconds = 600 },
        CreatedAt = RunningServer.Start,
        History = [new PhaseEntry(Phase.PostUpgrade, RunningServer.Start, RunningServer.Start)],
        Checklist = [],
        Verdict = new Verdict
        {
            Status = status,
            Code = "none",
            Summary = "A sentence.",
            Final = isFinal,
            ObservedUntil = RunningServer.Start.AddMinutes(minutes),
        },
    };
}
