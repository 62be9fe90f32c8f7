namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// Whether events come in clumps, learned step by step from how much neighbouring steps differ. An hour in which the
/// clumps happened to be small says nothing about larger ones; those that come after the upgrade give themselves away,
/// while a rate that rises and stays adds one large difference alone, which is left aside.
/// </summary>
internal struct Clumping
{
    /// <summary>Of fewer differences nothing is told.</summary>
    private const int Fewest = 3;

    /// <summary>Each step is in two differences: the variance of their squares is three halves of that of independent ones.</summary>
    private const double Overlap = 3;

    private double _events;
    private double _exposure;
    private double _squares;
    private double _largest;
    private double _chance;
    private int _differences;

    /// <summary>The variance of a step over that of independent events, less the standard error of that; at least 1.</summary>
    public readonly double Factor => _differences < Fewest ? 1 : Math.Max(1, (_squares - _largest) / _chance / (1 + Math.Sqrt(Overlap / _differences)));

    /// <summary>Takes a step.</summary>
    public void Add(double events, double exposure)
    {
        if (_exposure > 0 && exposure > 0)
        {
            var share = exposure / (exposure + _exposure);
            var off = events - (events + _events) * share;
            _differences += off == 0 ? 0 : 1;
            _squares += off * off;
            _largest = Math.Max(_largest, off * off);
            _chance += (events + _events) * share * (1 - share);
        }

        (_events, _exposure) = (events, exposure);
    }
}
