namespace UpgradeWatch.Analysis.Histories;

/// <summary>Makes a reference: picks the placebos, works out what was expected after each, and measures how far they strayed.</summary>
internal static class ReferenceBuilder
{
    public const int Even = 0;
    public const int Mixed = 1;
    public const int Local = 2;

    private const int FewestPlacebos = 8;
    private const int LeastMinutes = 240;
    private const int Spacing = 15;
    private const int Lookback = 60;
    private const int LeastLookback = 20;
    private const double UsualShare = 0.9;
    private const double MostLeftOut = 0.25;

    /// <summary>How many neighbouring placebos see the same stray: with little history every one of them matters.</summary>
    public static double OverlapOf(int historyMinutes) => historyMinutes < SeriesReference.DayMinutes ? 8 : 4;

    /// <summary>
    /// The three chances as one: the yardstick that finds most is tempered by the other two. That the level holds is
    /// shown by moments at which nothing was upgraded, not by a theorem.
    /// </summary>
    public static double Join(double even, double mixed, double local) => Math.Sqrt(mixed) * Math.Sqrt(Math.Max(even, local));

    public static ReferenceState? Build(MinuteSeries history, long upgradedAt, ReferenceOptions options)
    {
        var length = (int)Math.Min(upgradedAt - history.FirstMinute, history.Values.Length);
        if (length <= 0)
            return null;

        // Minutes between the end of the history and the upgrade are a gap like any other, and so is what is no number.
        var values = new double[(int)(upgradedAt - history.FirstMinute)];
        Array.Fill(values, double.NaN);
        for (var t = 0; t < length; t++)
            values[t] = float.IsFinite(history.Values[t]) ? history.Values[t] : double.NaN;
        LeaveOut(values, history.FirstMinute, options.LeftOut);

        var known = KnownMinutes(values);
        if (known < LeastMinutes)
            return null;

        var horizon = known < SeriesReference.DayMinutes ? Math.Min(options.HorizonMinutes, Math.Max(10, known / 4)) : options.HorizonMinutes;
        var isSeasonal = known >= Season.LeastMinutes;
        var moments = Moments(values, horizon, isSeasonal, known, history.FirstMinute, options.LeftOut);
        if (moments.Length - 1 < FewestPlacebos)
            return null;

        var season = isSeasonal ? Season.Expect(values, history.FirstMinute, horizon, options.TimeZone) : null;
        var scratch = new Scratch();
        var outlook = new Outlook(values, season, moments, horizon, scratch);
        if (!outlook.Expected.Any(double.IsFinite))
            return null;

        var unrest = new Unrest(values, season, moments, scratch);
        var bands = WindowScan.BandsOf(horizon);
        var strays = new StrayTable(outlook.Residuals, bands, options);
        Yardstick[] yardsticks =
        [
            strays.Measure(unrest.Even, 100 * unrest.Floor, UsualShare, scratch),
            strays.Measure(unrest.Mixed, 100 * unrest.Floor, UsualShare, scratch),
            strays.Measure(unrest.Local, 100 * unrest.Floor, UsualShare, scratch),
        ];
        return new ReferenceState
        {
            UpgradedAt = upgradedAt,
            HistoryMinutes = known,
            IsSeasonal = isSeasonal,
            LeftOut = options.LeftOut.Count(range => range.Overlaps(upgradedAt - known, upgradedAt - 1)),
            Expected = outlook.Expected,
            Growth = options.Baseline is { } baseline ? outlook.GrowthSince((int)(baseline.First - history.FirstMinute)) : null,
            Bands = bands,
            Moments = [.. moments.SkipLast(1).Select(moment => history.FirstMinute + moment)],
            Scores = Scores(yardsticks, OverlapOf(known)),
            Yardsticks = yardsticks,
        };
    }

    private static double[] Scores(Yardstick[] yardsticks, double overlap)
    {
        var tails = Array.ConvertAll(yardsticks, yardstick => new PlaceboTail(yardstick.Strays, overlap));
        var scores = new double[yardsticks[0].Strays.Length];
        for (var p = 0; p < scores.Length; p++)
        {
            scores[p] = -Math.Log(Join(
                tails[Even].ChanceOfOwn(yardsticks[Even].Strays[p]),
                tails[Mixed].ChanceOfOwn(yardsticks[Mixed].Strays[p]),
                tails[Local].ChanceOfOwn(yardsticks[Local].Strays[p])));
        }

        return scores;
    }

    /// <summary>From the first minute with a value on.</summary>
    private static int KnownMinutes(double[] values)
    {
        var first = Array.FindIndex(values, value => !double.IsNaN(value));
        return first < 0 ? 0 : values.Length - first;
    }

    private static void LeaveOut(double[] values, long first, IReadOnlyList<MinuteRange> ranges)
    {
        foreach (var range in ranges)
        {
            for (var minute = Math.Max(first, range.First); minute <= Math.Min(first + values.Length - 1, range.Last); minute++)
                values[minute - first] = double.NaN;
        }
    }

    /// <summary>Every quarter of an hour back to where what is needed before a moment begins; the upgrade comes last.</summary>
    private static int[] Moments(double[] values, int horizon, bool isSeasonal, int known, long first, IReadOnlyList<MinuteRange> leftOut)
    {
        var lookback = Math.Clamp(known / 4, LeastLookback, Lookback);
        var earliest = values.Length - known + (isSeasonal ? SeriesReference.DayMinutes + Lookback : lookback);
        var moments = new List<int>();
        for (var moment = values.Length - horizon; moment >= earliest; moment -= Spacing)
        {
            if (!IsLeftOut(first + moment, lookback, horizon, leftOut) && HasValues(values, moment - lookback, moment) && HasValues(values, moment, moment + horizon))
                moments.Add(moment);
        }

        moments.Reverse();
        moments.Add(values.Length);
        return [.. moments];
    }

    private static bool IsLeftOut(long moment, int lookback, int horizon, IReadOnlyList<MinuteRange> ranges)
    {
        long minutes = 0;
        foreach (var range in ranges)
            minutes += Math.Max(0, Math.Min(range.Last, moment + horizon - 1) - Math.Max(range.First, moment - lookback) + 1);
        return minutes > MostLeftOut * (lookback + horizon);
    }

    private static bool HasValues(double[] values, int from, int until)
    {
        var count = 0;
        for (var t = from; t < until; t++)
            count += double.IsNaN(values[t]) ? 0 : 1;
        return 2 * count >= until - from;
    }
}
