namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// How much neighbouring blocks of steps differ. Neighbours are compared with each other and not with the mean of all,
/// so that a daily rhythm, which hardly changes from one block to the next, is not taken for noise.
/// </summary>
/// <param name="MeanSquare">Squared differences over what independent events would give; 1 for those.</param>
/// <param name="EventsPerStep">Events to be expected in a step, weighted like the differences.</param>
/// <param name="Freedom">Degrees of freedom: how well <paramref name="MeanSquare"/> is known.</param>
internal readonly record struct BlockContrasts(double MeanSquare, double EventsPerStep, double Freedom)
{
    /// <summary>Each block is in two differences: so much less do these tell than independent ones.</summary>
    private const double Overlap = 1.5;

    /// <summary>A mean square of 0 is no more believable than this one: it is a count that cannot vary.</summary>
    private const double Smallest = 0.05;

    /// <summary>The contrasts of blocks of some length; null for fewer than two, with nothing to count, or more than can be squared.</summary>
    /// <param name="events">Events for each step.</param>
    /// <param name="exposures">What they are events of, for each step.</param>
    /// <param name="length">Steps in a block.</param>
    public static BlockContrasts? Of(ReadOnlySpan<double> events, ReadOnlySpan<double> exposures, int length)
    {
        var rate = Sum(events) / Sum(exposures);
        var blocks = events.Length / length;
        if (!(rate > 0) || blocks < 3)
            return null;

        var (count, squares, chance, expected, expectedSquares) = (0, 0.0, 0.0, 0.0, 0.0);
        var (x1, n1) = (Sum(events[..length]), Sum(exposures[..length]));
        for (var block = 1; block < blocks; block++)
        {
            var (x2, n2) = (Sum(events.Slice(block * length, length)), Sum(exposures.Slice(block * length, length)));
            if (n1 > 0 && n2 > 0)
            {
                var reach = n1 * (n2 / (n1 + n2));
                var off = x2 - (x1 + x2) * (n2 / (n1 + n2));
                count++;
                squares += off * off;
                chance += (x1 + x2) / (n1 + n2) * reach;
                expected += rate * reach;
                expectedSquares += rate * reach * (rate * reach);
            }

            (x1, n1) = (x2, n2);
        }

        if (count < 2 || !(chance > 0) || !double.IsFinite(squares + expectedSquares))
            return null;

        // Half of what a block holds is what its difference to a neighbour is expected to hold.
        var perBlock = 2 * expectedSquares / expected;
        var meanSquare = Math.Max(Smallest, squares / chance);

        // Squares of rare or clumped events have heavy tails, and blocks of all lengths see the same few clumps.
        var freedom = count / Overlap / (1 + Math.Max(0.25, 3 * (meanSquare - 1)) / perBlock);
        return new BlockContrasts(meanSquare, perBlock / length, freedom);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
