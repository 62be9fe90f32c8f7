using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using static UpgradeWatch.Analysis.Tests.Judges.Scene;

namespace UpgradeWatch.Analysis.Tests.Judges;

public class GaugeJudgeTests
{
    private const double MiB = 1024 * 1024;

    [Fact]
    public void With_an_hour_of_history_a_change_is_shown_and_does_not_stop_anything()
    {
        var before = Enumerable.Range(0, 240).Select(i => Value((100 + i % 5) * MiB));
        var scene = new Scene(Memory, before).Then(30, Value(150 * MiB)).Then(1, Value(151 * MiB));
        scene.Look().Is(FindingStatus.Pass, FindingCodes.Provisional).Says("memory is 150 MiB, 47 % above the 102 MiB before, since 14:00");
        scene.Look(Stage.Upgrading).Is(FindingStatus.Pending, FindingCodes.Provisional);
    }

    [Fact]
    public void With_little_history_it_is_judged_once_when_the_window_closes()
    {
        var scene = Of(Memory, Value(100), steps: 10).Then(5, Value(101)).Then(15, Value(300));
        scene.Look().Is(FindingStatus.Pending, FindingCodes.None);
        scene.Look(Stage.Closed).Is(FindingStatus.Fail, FindingCodes.Level).Says("15 of 20 values of memory");
    }

    [Fact]
    public void A_tolerance_keeps_a_small_certain_change_from_failing() =>
        Of(Memory with { Tolerance = new(2, null) }, Value(100), steps: 20).Then(20, Value(130)).Look(Stage.Closed)
            .Is(FindingStatus.Pass, FindingCodes.None);

    [Fact]
    public void A_limit_is_over_15_minutes_after_the_value_is_below_it_again()
    {
        var scene = Of(Memory with { UpperLimit = 200 }, Value(100)).Then(8, Value(250));
        scene.Look().Is(FindingStatus.Fail, FindingCodes.Limit);
        scene.Then(70, Value(100)).Look().Is(FindingStatus.Warn, FindingCodes.Recovered);
    }
}
