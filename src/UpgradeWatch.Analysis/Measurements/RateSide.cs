using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>One direction in which a rate is tested.</summary>
internal sealed record RateSide(Direction Direction, RateTest Test)
{
    /// <summary>The sides of a direction that can be tested: a rate whose whole size is tolerated cannot fall too far.</summary>
    /// <param name="direction">Which way is bad.</param>
    /// <param name="tolerance">Tolerance of the rate, per exposure.</param>
    /// <param name="before">Events before.</param>
    /// <param name="exposure">What they are events of before.</param>
    /// <param name="dispersion">How much more they vary than independent events.</param>
    /// <param name="least">Exposure that a statement about the last steps needs.</param>
    public static RateSide[] For(Direction direction, Tolerance tolerance, double before, double exposure, Overdispersion dispersion, double least)
    {
        var sides = new List<RateSide>(2);
        var rate = (before + 1) / exposure;
        var width = tolerance.Width(rate) / rate;
        if (direction != Direction.Down)
            sides.Add(Make(Direction.Up, 1 + width, Alternatives.More, 2));
        if (direction != Direction.Up && width < 1)
            sides.Add(Make(Direction.Down, 1 - width, Alternatives.Less, 0.5));
        return [.. sides];

        RateSide Make(Direction side, double tolerated, double[] factors, double typical) =>
            new(side, new RateTest(dispersion, new ToleratedRate(before, exposure, tolerated, tolerated), factors, typical, least));
    }
}
