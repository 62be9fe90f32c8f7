namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// What is expected after each of many moments. Several ways to expect a series are tried on the placebos: its season
/// in full, by half or not at all, and how much of the present departure from that will last. For every stretch of time
/// ahead the way that came nearest at the placebos is taken.
/// </summary>
internal sealed class Outlook
{
    private static readonly int[] Stretches = [8, 18, 35, 70, 120, 240, 480, 960];
    private static readonly double[] Gains = [0, 0.5, 1];
    private static readonly double[] Lasting = [0, 0.25, 0.5, 0.75, 1];
    private static readonly int[] Lookbacks = [15, 60];

    private readonly double[] _values;
    private readonly int[] _moments;
    private readonly int _horizon;
    private readonly Scratch _scratch;
    private readonly List<Way> _ways = [];
    private readonly List<(int From, int Until, Way Way)> _chosen = [];

    /// <param name="values">The history.</param>
    /// <param name="season">What is usual by the time of day, for the history and the horizon after it; null for unknown.</param>
    /// <param name="moments">Indices of the placebos, then that of the upgrade (the end of the history).</param>
    /// <param name="horizon">Minutes ahead.</param>
    /// <param name="scratch">Memory to be reused.</param>
    public Outlook(double[] values, double[]? season, int[] moments, int horizon, Scratch scratch)
    {
        (_values, _moments, _horizon, _scratch) = (values, moments, horizon, scratch);
        _scratch.TakeAll(values);
        Center = _scratch.Median();
        foreach (var gain in season is null ? Gains.AsSpan(0, 1) : Gains)
            AddWays(gain, season);
        Choose();
    }

    /// <summary>The median of the history.</summary>
    public double Center { get; }

    /// <summary>After each placebo, minute by minute, how far the series was from what was expected.</summary>
    public double[][] Residuals { get; private set; } = [];

    /// <summary>What is expected after the upgrade, minute by minute; NaN where nothing is.</summary>
    public double[] Expected { get; private set; } = [];

    /// <summary>
    /// What is usual after the upgrade, minute by minute, as a multiple of what is usual from one index up to the upgrade;
    /// what the series departs from that is no part of either. It goes by the way that believes most in the time of day of
    /// those that were chosen: soon after a moment what it is now tells more, and with that the rise of the hour. Gaps do
    /// not count.
    /// </summary>
    public double[] GrowthSince(int from)
    {
        var level = _chosen.MaxBy(stretch => stretch.Way.Gain).Way.Level;
        var upgrade = _moments[^1];
        var (sum, count) = (0.0, 0);
        for (var t = Math.Max(0, from); t < upgrade; t++)
        {
            if (double.IsNaN(_values[t]) || double.IsNaN(level[t]))
                continue;
            sum += level[t];
            count++;
        }

        var growth = new double[_horizon];
        for (var k = 0; k < growth.Length; k++)
            growth[k] = level[upgrade + k] * count / sum;
        return growth;
    }

    private void AddWays(double gain, double[]? season)
    {
        var level = new double[_values.Length + _horizon];
        for (var t = 0; t < level.Length; t++)
            level[t] = gain == 0 ? Center : gain * season![t] + (1 - gain) * Center;
        var off = new double[_values.Length];
        for (var t = 0; t < off.Length; t++)
            off[t] = _values[t] - level[t];
        var sums = new RunningSums(off);
        foreach (var lookback in Lookbacks)
        {
            var departures = new double[_moments.Length];
            for (var p = 0; p < departures.Length; p++)
            {
                _scratch.TakeBefore(off, _moments[p], lookback);
                departures[p] = _scratch.Median();
            }

            foreach (var lasting in Lasting)
            {
                if (lasting > 0 || lookback == Lookbacks[0])
                    _ways.Add(new Way(gain, level, sums, departures, lasting));
            }
        }
    }

    private void Choose()
    {
        var placebos = _moments.Length - 1;
        Residuals = new double[placebos][];
        for (var p = 0; p < placebos; p++)
            Residuals[p] = new double[_horizon];
        Expected = new double[_horizon];
        var from = 0;
        foreach (var until in Stretches.Where(end => end < _horizon).Append(_horizon))
        {
            // What is unknown at this hour, because that hour was a gap on every day, cannot be expected.
            var known = _ways.FindAll(way => IsKnown(way, from, until));
            var best = (known.Count > 0 ? known : _ways).MinBy(way => Miss(way, from, until))!;
            _chosen.Add((from, until, best));
            for (var p = 0; p < placebos; p++)
            {
                for (var k = from; k < until; k++)
                    Residuals[p][k] = _values[_moments[p] + k] - best.Level[_moments[p] + k] - best.Kept(p);
            }

            for (var k = from; k < until; k++)
                Expected[k] = best.Level[_moments[placebos] + k] + best.Kept(placebos);
            from = until;
        }
    }

    private bool IsKnown(Way way, int from, int until)
    {
        const double Enough = 0.8;
        var upgrade = _moments.Length - 1;
        return double.IsFinite(way.Kept(upgrade))
            && way.Level.AsSpan(_moments[upgrade] + from, until - from).ToArray().Count(double.IsFinite) >= Enough * (until - from);
    }

    /// <summary>How far a way typically was from the mean of a stretch after a placebo.</summary>
    private double Miss(Way way, int from, int until)
    {
        _scratch.Clear();
        for (var p = 0; p < _moments.Length - 1; p++)
            _scratch.Add(Math.Abs(way.Sums.Mean(_moments[p] + from, _moments[p] + until) - way.Kept(p)));
        return _scratch.Count == 0 ? double.MaxValue : _scratch.Median();
    }

    /// <param name="Gain">How much of the season is believed.</param>
    /// <param name="Level">What is expected where nothing departs.</param>
    /// <param name="Sums">Sums of the departures.</param>
    /// <param name="Departures">The departure just before each moment.</param>
    /// <param name="Lasting">Which share of it is expected to last.</param>
    private sealed record Way(double Gain, double[] Level, RunningSums Sums, double[] Departures, double Lasting)
    {
        public double Kept(int moment) => Lasting == 0 ? 0 : Lasting * Departures[moment];
    }
}
