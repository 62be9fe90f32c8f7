namespace UpgradeWatch.Cli.Offline;

/// <summary>Maps values onto a stretch of the picture.</summary>
/// <param name="From">The value at its beginning.</param>
/// <param name="To">The value at its end.</param>
/// <param name="Begin">Where it begins.</param>
/// <param name="End">Where it ends; may lie before the beginning.</param>
internal readonly record struct Axis(double From, double To, double Begin, double End)
{
    private static readonly double[] RoundFactors = [1, 2, 5, 10];

    private static readonly double[] TimeSteps =
        [1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000, 2592000];

    /// <summary>With room at both ends, and from 0 where that is near.</summary>
    public static Axis Rounded(double least, double most, double begin, double end)
    {
        var room = most > least ? (most - least) * 0.05 : Math.Max(Math.Abs(most) * 0.1, 1e-9);
        var from = least >= 0 && least < most * 0.3 ? 0 : least - room;
        return new Axis(from, most + room, begin, end);
    }

    /// <summary>Where a value lies, to a hundredth.</summary>
    public double At(double value) => Math.Round(To > From ? Begin + ((value - From) / (To - From) * (End - Begin)) : (Begin + End) / 2, 2);

    /// <summary>Round values within the axis, at most so many.</summary>
    public IEnumerable<double> RoundValues(int most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10((To - From) / most)));
        return Multiples(RoundFactors.Select(factor => factor * power), most);
    }

    /// <summary>Round times within the axis, in seconds since 1970, at most so many.</summary>
    public IEnumerable<double> RoundTimes(int most) => Multiples(TimeSteps, most);

    private IEnumerable<double> Multiples(IEnumerable<double> steps, int most)
    {
        var (from, to) = (From, To);
        var step = steps.FirstOrDefault(step => (to - from) / step <= most, to - from);
        if (!(step > 0)) yield break;
        for (var i = Math.Ceiling(From / step); i * step <= To; i++) yield return i * step;
    }
}
