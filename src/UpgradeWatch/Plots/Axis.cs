namespace UpgradeWatch.Plots;

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

    /// <summary>Where a value lies, to a hundredth; values beyond an end lie at it.</summary>
    public double At(double value) => Math.Round(To > From ? Begin + ((Math.Clamp(value, From, To) - From) / (To - From) * (End - Begin)) : (Begin + End) / 2, 2);

    /// <summary>A round distance of values, so that at most so many lie within the axis.</summary>
    public double RoundDistance(int most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10((To - From) / most)));
        return Smallest(RoundFactors.Select(factor => factor * power), most);
    }

    /// <summary>The same for times in seconds.</summary>
    public double TimeDistance(int most) => Smallest(TimeSteps, most);

    /// <summary>The multiples of a distance that lie within the axis.</summary>
    public IEnumerable<double> Multiples(double distance)
    {
        if (!(distance > 0)) yield break;
        for (var i = Math.Ceiling(From / distance); i * distance <= To; i++) yield return i * distance;
    }

    private double Smallest(IEnumerable<double> distances, int most)
    {
        var length = To - From;
        return distances.FirstOrDefault(distance => length / distance <= most, length);
    }
}
