namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// How rare a stray is among those of the placebos. Placebos overlap: neighbours see the same stray, so they count for
/// less than their number. Beyond the largest tenth the tail is continued as a power (Hill, A simple general approach
/// to inference about the tail of a distribution, Annals of Statistics 1975), its exponent drawn towards that of most series.
/// </summary>
public sealed class PlaceboTail
{
    private const double TailShare = 0.10;
    private const double UsualExponent = 0.25;
    private const double UsualWeight = 16;
    private const double LeastExponent = 0.05;

    /// <summary>In usual strays: what a series that hardly ever moves strays less than is no reason to call more than it rare.</summary>
    private const double LeastEdge = 0.5;

    /// <summary>Never 0: what is next to impossible is not impossible, and its logarithm is a score.</summary>
    private const double LeastChance = 1e-300;

    private readonly double[] _sorted;
    private readonly double _overlap;
    private readonly double _edge;
    private readonly double _sumOfLogs;
    private readonly int _beyond;

    /// <param name="strays">The strays of the placebos, in any order.</param>
    /// <param name="overlap">How many neighbouring placebos see the same stray, at least 1.</param>
    public PlaceboTail(IEnumerable<double> strays, double overlap)
    {
        _sorted = [.. strays.Order()];
        _overlap = overlap;
        var scratch = new Scratch();
        foreach (var stray in _sorted)
            scratch.Add(stray);
        _edge = Math.Max(LeastEdge, scratch.Quantile(1 - TailShare));
        foreach (var stray in _sorted)
        {
            if (stray <= _edge)
                continue;
            _sumOfLogs += Math.Log(stray / _edge);
            _beyond++;
        }
    }

    /// <summary>How many placebos there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>The stray that only a tenth of the placebos exceed.</summary>
    public double Edge => _edge;

    /// <summary>The share of moments at which nothing was upgraded with a stray like this; in (0, 1].</summary>
    public double Chance(double stray) => Chance(stray, 0, _sumOfLogs, _beyond);

    /// <summary>The same for the stray of one of the placebos, with that one left out.</summary>
    public double ChanceOfOwn(double stray) => stray > _edge
        ? Chance(stray, 1, _sumOfLogs - Math.Log(stray / _edge), _beyond - 1)
        : Chance(stray, 1, _sumOfLogs, _beyond);

    /// <summary>How many of the placebos came at least this far.</summary>
    public int CountAtLeast(double stray)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle] < stray)
                low = middle + 1;
            else
                high = middle;
        }

        return _sorted.Length - low;
    }

    /// <summary>The stray with this chance.</summary>
    /// <param name="chance">At most a tenth.</param>
    public double StrayAt(double chance) => _edge * Math.Pow(chance / TailChance(_sorted.Length), -Exponent(_sumOfLogs, _beyond));

    private double Chance(double stray, int left, double sumOfLogs, int beyond)
    {
        var count = _sorted.Length - left;
        return stray <= _edge
            ? Math.Clamp((_overlap + CountAtLeast(stray) - left) / (count + _overlap), TailChance(count), 1)
            : Math.Max(LeastChance, TailChance(count) * Math.Pow(stray / _edge, -1 / Exponent(sumOfLogs, beyond)));
    }

    private double TailChance(int count) => (_overlap + TailShare * count) / (count + _overlap);

    private static double Exponent(double sumOfLogs, int beyond) =>
        Math.Max(LeastExponent, (sumOfLogs + UsualExponent * UsualWeight) / (beyond + UsualWeight));
}
