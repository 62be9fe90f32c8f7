using UpgradeWatch.Analysis.Counts;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Measurements;

/// <summary>One direction in which a rate is tested.</summary>
internal sealed class RateSide
{
    private readonly CountTest _test;
    private readonly CountTest _counting;

    private RateSide(Direction direction, CountTest test, CountTest counting, Onset onset)
    {
        Direction = direction;
        _test = test;
        _counting = counting;
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

        RateSide Make(Direction side, double tolerated, double[] factors, double alternative) => new(
            side,
            new CountTest(before, exposure, dispersion, tolerated, factors),
            new CountTest(before, exposure, 1, tolerated, factors),
            new Onset(tolerated * rate, alternative));
    }

    public double LogEvidence(double events, double exposure) => _test.LogEvidence(events, exposure);

    /// <summary>
    /// Whether the last steps and the newest of them stand out of counting noise. How the rate varies by itself is left
    /// to the evidence: over a few steps it cannot be told from a change.
    /// </summary>
    public bool IsStillThere(RecentSteps recent, RecentSteps newest) =>
        StillThere.Holds(_counting.Chance(recent.Events, recent.Exposure), _counting.Chance(newest.Events, newest.Exposure));
}
