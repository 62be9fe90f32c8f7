namespace UpgradeWatch.Analysis.Counts;

/// <summary>
/// Whether events come in clumps, learned step by step from how much neighbouring steps differ. An hour in which the
/// clumps happened to be small says nothing about larger ones; those that come after the upgrade give themselves away.
/// A rate that rises and stays adds one large difference, and a single bad step two, up and down: so many are left aside.
/// </summary>
internal struct Clumping
{
    /// <summary>Of fewer differences nothing is told.</summary>
    private const int Fewest = 3;

    private double _events;
    private double _exposure;
    private double _squares;
    private double _largest;
    private double _second;
    private double _chance;
    private int _differences;

    /// <summary>The variance of a step over that of independent events; at least 1.</summary>
    public readonly double Factor => _differences < Fewest ? 1 : Math.Max(1, (_squares - _largest - _second) / _chance);

    /// <summary>Takes a step.</summary>
    public void Add(double events, double exposure)
    {
        if (_exposure > 0 && exposure > 0)
        {
            var share = exposure / (exposure + _exposure);
            var off = events - (events + _events) * share;
            _differences += off == 0 ? 0 : 1;
            _squares += off * off;
            _second = Math.Max(_second, Math.Min(_largest, off * off));
            _largest = Math.Max(_largest, off * off);
            _chance += (events + _events) * share * (1 - share);
        }

        (_events, _exposure) = (events, exposure);
    }
}
