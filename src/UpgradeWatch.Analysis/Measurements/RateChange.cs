namespace UpgradeWatch.Analysis.Measurements;

/// <summary>The ratio of two rates.</summary>
internal static class RateChange
{
    private const double NinetyFivePercent = 1.96;

    /// <summary>
    /// Rate after over rate before. The interval is that of the logarithm of a ratio of Poisson rates, widened by the
    /// dispersion, with half an event added on each side so that it exists for none.
    /// </summary>
    public static Change Between(double before, double exposureBefore, double after, double exposureAfter, double dispersion)
    {
        if (!(exposureBefore > 0 && exposureAfter > 0))
            return Change.Unknown;

        var ratio = after / exposureAfter / (before / exposureBefore);
        var center = Math.Log((after + 0.5) / exposureAfter / ((before + 0.5) / exposureBefore));
        var spread = NinetyFivePercent * Math.Sqrt(dispersion * (1 / (after + 0.5) + 1 / (before + 0.5)));
        return new Change(ratio, Math.Exp(center - spread), Math.Exp(center + spread));
    }
}
