using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Tests.Judges;

public class BaselineHealthTests
{
    [Fact]
    public void An_incident_in_the_last_15_minutes_is_seen() =>
        Assert.Equal(FindingStatus.Fail, BaselineHealth.Judge(Scene.Errors, Steps(320, 40))!.Status);

    [Fact]
    public void A_healthy_end_passes() =>
        Assert.Equal(FindingStatus.Pass, BaselineHealth.Judge(Scene.Errors, Steps(320, 0))!.Status);

    [Fact]
    public void Under_an_hour_before_the_end_nothing_is_said()
    {
        Assert.Null(BaselineHealth.Judge(Scene.Errors, Steps(240, 40)));
        Assert.Null(BaselineHealth.Judge(Scene.Errors, []));
    }

    private static StepSample[] Steps(int count, int bad) =>
        [.. Enumerable.Range(1, count).Select(i => new StepSample(i, StepState.None, i > count - bad ? 100 : 1, 1000))];
}
