using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using static UpgradeWatch.Analysis.Tests.Judges.Scene;

namespace UpgradeWatch.Analysis.Tests.Judges;

/// <summary>Numbers at the ends of what there is: a judge answers with a finding and finite numbers, whatever they are.</summary>
public class NumericsTests
{
    [Theory]
    [InlineData(1e12, 1e3)]
    [InlineData(1e12, 1e11)]
    [InlineData(1e12, 0)]
    [InlineData(1e9, 1)]
    [InlineData(1e-3, 1e-9)]
    [InlineData(double.Epsilon, double.Epsilon)]
    [InlineData(double.Epsilon, 0)]
    [InlineData(1e-300, 1e-310)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1e300, 1e299)]
    public void Errors_of_any_size(double requests, double errors)
    {
        foreach (var factor in new[] { 0, 0.5, 1, 3 })
        {
            foreach (var direction in new[] { Direction.Up, Direction.Down, Direction.Both })
                Sound(Of(Errors with { Direction = direction }, Ratio(errors, requests)).Then(30, Ratio(Math.Min(factor * errors, requests), requests)));
        }
    }

    [Theory]
    [InlineData(1e12)]
    [InlineData(1e300)]
    [InlineData(1e-3)]
    [InlineData(double.Epsilon)]
    [InlineData(0)]
    public void Traffic_of_any_size(double requests)
    {
        foreach (var factor in new[] { 0, 0.5, 1, 3 })
            Sound(Of(Traffic with { Direction = Direction.Both }, Count(requests)).Then(30, Count(factor * requests)));
    }

    [Theory]
    [InlineData(1e12, 0, 0)]
    [InlineData(1e12, 1, 1)]
    [InlineData(0, 0, 1e12)]
    [InlineData(1, 1, 1e9)]
    [InlineData(double.Epsilon, 0, double.Epsilon)]
    [InlineData(1e300, 1e299, 1e298)]
    [InlineData(0, 0, 0)]
    public void Latencies_of_any_number(double fast, double medium, double slow)
    {
        Sound(Of(Latency, Spread(fast, medium, slow)).Then(30, Spread(fast, medium, slow)));
        Sound(Of(Latency, Spread(fast, medium, slow)).Then(30, Spread(slow, medium, fast)));
        Sound(Of(Latency, Spread(fast, medium, slow)).Then(30, Spread(0, 0, 0, fast)));
    }

    [Fact]
    public void Where_one_in_a_billion_failed_and_twenty_do_now_it_fails() =>
        Of(Errors with { Tolerance = new(0.25, null) }, Ratio(1000, 1e12)).Then(20, Ratio(20_000, 1e12)).Look().Is(FindingStatus.Fail, FindingCodes.Level);

    [Fact]
    public void Where_nothing_changes_it_passes_at_any_size()
    {
        foreach (var size in new[] { 1e3, 1e6, 1e12 })
        {
            Of(Errors, Ratio(0.01 * size, size)).Then(240, Ratio(0.01 * size, size)).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
            Of(Traffic, Count(size)).Then(240, Count(size)).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
            Of(Latency, Spread(size, 0.1 * size, 0.01 * size)).Then(240, Spread(size, 0.1 * size, 0.01 * size)).Look(Stage.Closed).Is(FindingStatus.Pass, FindingCodes.None);
        }
    }

    [Fact]
    public void One_value_but_for_a_single_other()
    {
        var before = Enumerable.Range(0, 240).Select(i => Ratio(i == 100 ? 900 : 1));
        Sound(new Scene(Errors, before).Then(30, Ratio(1))).Is(FindingStatus.Pass, FindingCodes.None);
        Sound(new Scene(Traffic, Enumerable.Range(0, 240).Select(i => Count(i == 100 ? 1e9 : 1)))
            .Then(30, Count(1)));
    }

    [Fact]
    public void All_gaps_but_three()
    {
        foreach (var (spec, sample) in new[] { (Errors, Ratio(5)), (Traffic, Count(100)), (Latency, Spread(90, 9, 1)) })
        {
            var before = Enumerable.Range(0, 240).Select(i => i % 80 == 40 ? sample : Gap).ToArray();
            Sound(new Scene(spec, before).Then(30, sample));
            var scene = Of(spec, sample);
            for (var i = 0; i < 30; i++)
                scene.Then(1, i % 10 == 5 ? sample : Gap);
            Sound(scene);
        }
    }

    [Fact]
    public void The_unit_of_latencies_does_not_matter()
    {
        var milliseconds = Latency with { Bounds = [.. Bounds.Select(bound => 1000 * bound)] };
        foreach (var slow in new[] { 1, 8, 12, 40 })
        {
            var one = Of(Latency, Spread(80, 15, 5)).Then(40, Spread(95 - slow, 5, slow)).Look();
            var other = Of(milliseconds, Spread(80, 15, 5)).Then(40, Spread(95 - slow, 5, slow)).Look();
            Assert.Equal((one.Status, one.Code), (other.Status, other.Code));
            Assert.Equal(one.PValue!.Value, other.PValue!.Value, 9);
            Assert.Equal(1000 * one.Current!.Value, other.Current!.Value, 6);
        }
    }

    private static SliFinding Sound(Scene scene)
    {
        var finding = scene.Look(Stage.Closed);
        Assert.All(
            new[] { finding.Baseline, finding.Current, finding.ExpectedLower, finding.ExpectedUpper, finding.ChangeRatio, finding.PValue },
            number => Assert.True(number is null || double.IsFinite(number.Value), finding.ToString()));
        Assert.True(finding.PValue is null or (>= 0 and <= 1), finding.ToString());
        Assert.DoesNotContain("NaN", finding.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", finding.Reason, StringComparison.Ordinal);
        return finding;
    }
}
