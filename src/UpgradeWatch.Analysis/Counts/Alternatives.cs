namespace UpgradeWatch.Analysis.Counts;

/// <summary>How many times worse than tolerated the alternatives of a count test are; each is bet on with the same weight.</summary>
internal static class Alternatives
{
    /// <summary>More errors, or more traffic.</summary>
    public static readonly double[] More = [1.2, 1.5, 2, 3, 5, 10, 30, 100];

    /// <summary>Less traffic.</summary>
    public static readonly double[] Less = [1 / 1.5, 1 / 2.0, 1 / 3.0, 1 / 5.0, 1 / 10.0, 1 / 100.0];

    /// <summary>More requests above a bound of a histogram; small shares added where a bound already has many.</summary>
    public static readonly double[] Slower = [1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 30, 100];

    /// <summary>More requests above a bound that hardly any was above before.</summary>
    public static readonly double[] Stragglers = [2, 3, 5, 10, 30, 100];
}
