using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>One direction in which a rate is tested.</summary>
internal sealed class RateSide
{
    private readonly CountTest _test;

    private RateSide(Direction direction, CountTest test, Onset onset)
    {
        Direction = direction;
        _test = test;
        Onset = onset;
    }

    public Direction Direction { get; }

    public Onset Onset { get; }

    /// <summary>The sides of a direction that can be tested: a rate whose whole size is tolerated cannot fall too far.</summary>
    public static RateSide[] For(Direction direction, Tolerance tolerance, double before, double exposure, double dispersion)
    {
        var sides = new List<RateSide>(2);
        var rate = (before + 1) / exposure;
        var width = tolerance.Width(rate) / rate;
        if (direction != Direction.Down)
            sides.Add(Make(Direction.Up, 1 + width, Alternatives.More, 2));
        if (direction != Direction.Up && width < 1)
            sides.Add(Make(Direction.Down, 1 - width, Alternatives.Less, 0.5));
        return [.. sides];

        RateSide Make(Direction side, double tolerated, double[] factors, double alternative) =>
            new(side, new CountTest(before, exposure, dispersion, tolerated, factors), new Onset(tolerated * rate, alternative));
    }

    public double LogEvidence(double events, double exposure) => _test.LogEvidence(events, exposure);

    public double Chance(double events, double exposure) => _test.Chance(events, exposure);
}
