namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// Since when the counts have been off: the start of the last rise of a cumulative sum (Page 1954) that bets on a rate
/// twice as far as tolerated. For words only; it decides nothing.
/// </summary>
internal sealed class Onset
{
    private readonly double _drift;
    private readonly double _weight;
    private double _sum;

    /// <param name="toleratedRate">Events per exposure that are still tolerated.</param>
    /// <param name="factor">The alternative as a multiple of it: above 1 upwards, below 1 downwards.</param>
    public Onset(double toleratedRate, double factor)
    {
        _weight = Math.Log(factor);
        _drift = (factor - 1) * toleratedRate;
    }

    /// <summary>Index of the step at which the present rise began; null while there is none.</summary>
    public long? Start { get; private set; }

    /// <summary>Takes one step.</summary>
    public void Add(long step, double events, double exposure)
    {
        _sum += events * _weight - exposure * _drift;
        if (_sum > 0)
        {
            Start ??= step;
            return;
        }

        _sum = 0;
        Start = null;
    }
}
