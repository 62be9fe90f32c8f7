namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// What a series is expected to do after an upgrade, and how far it strays from that after moments at which nothing was
/// upgraded (placebos). Made once, when the baseline is frozen; <see cref="State"/> is all there is to store.
/// </summary>
public sealed class SeriesReference
{
    /// <summary>A day: with less before the upgrade its time of day is not known to be like any other.</summary>
    public const int DayMinutes = 1440;

    private readonly PlaceboTail[] _tails;
    private readonly PlaceboTail? _family;

    private SeriesReference(ReferenceState state)
    {
        State = state;
        var overlap = ReferenceBuilder.OverlapOf(state.HistoryMinutes);
        _tails = [.. state.Yardsticks.Select(yardstick => new PlaceboTail(yardstick.Strays, overlap))];
        _family = state.FamilyScores is { Length: > 0 } scores ? new PlaceboTail(scores, overlap) : null;
    }

    /// <summary>All of it, to be stored and given to <see cref="Restore"/>.</summary>
    public ReferenceState State { get; }

    /// <summary>Moments it was compared with.</summary>
    public int Placebos => State.Moments.Length;

    /// <summary>Whether the same time on earlier days is part of what is expected.</summary>
    public bool IsSeasonal => State.IsSeasonal;

    /// <summary>Minutes of history it was made from.</summary>
    public int HistoryMinutes => State.HistoryMinutes;

    /// <summary>
    /// Makes it from the history before the upgrade; null when there is too little (under 4 hours, or under 8 moments to
    /// compare with).
    /// </summary>
    /// <param name="history">The series; what is at or after the upgrade is not looked at.</param>
    /// <param name="upgradedAt">The first minute after the upgrade.</param>
    /// <param name="options">How.</param>
    public static SeriesReference? Create(MinuteSeries history, long upgradedAt, ReferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(options);
        return ReferenceBuilder.Build(history, upgradedAt, options) is { } state ? new SeriesReference(state) : null;
    }

    /// <summary>Makes it again from what was stored.</summary>
    public static SeriesReference Restore(ReferenceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new SeriesReference(state);
    }

    /// <summary>What is expected in a minute, in the SLI's unit; NaN where nothing is.</summary>
    public double ExpectedAt(long minute) =>
        minute >= State.UpgradedAt && minute < State.UpgradedAt + State.Expected.Length ? State.Expected[minute - State.UpgradedAt] : double.NaN;

    /// <summary>
    /// How far a 5-minute mean may be from what is expected before it is as rare as a level says, in the SLI's unit.
    /// </summary>
    /// <param name="minute">When.</param>
    /// <param name="chance">The level, at most 0.1; 0.1 gives what nine of ten placebos stay within.</param>
    public double WidthAt(long minute, double chance)
    {
        const int FiveMinutes = 2;
        var k = (int)Math.Clamp(minute - State.UpgradedAt, 0, State.Expected.Length - 1);
        var yardstick = State.Yardsticks[ReferenceBuilder.Mixed];
        return _tails[ReferenceBuilder.Mixed].StrayAt(chance) * yardstick.Usual[FiveMinutes][BandOf(k)] * yardstick.Scale / WindowScan.Weight(k);
    }

    /// <summary>The band of time after the upgrade that a minute of it lies in.</summary>
    internal int BandOf(int minute)
    {
        var band = 0;
        while (band < State.Bands.Length - 1 && minute >= State.Bands[band])
            band++;
        return band;
    }

    /// <summary>The chance of strays measured by the three yardsticks; in (0, 1].</summary>
    internal double Chance(ReadOnlySpan<double> strays) => ReferenceBuilder.Join(
        _tails[ReferenceBuilder.Even].Chance(strays[ReferenceBuilder.Even]),
        _tails[ReferenceBuilder.Mixed].Chance(strays[ReferenceBuilder.Mixed]),
        _tails[ReferenceBuilder.Local].Chance(strays[ReferenceBuilder.Local]));

    /// <summary>The chance that any SLI of the upgrade comes as far as one with this chance does by itself.</summary>
    internal double FamilyChance(double own) => _family is null ? Math.Min(1, own * State.FamilySize) : Math.Max(own, _family.Chance(-Math.Log(own)));

    /// <summary>Whether it is judged together with other SLIs.</summary>
    internal bool IsInFamily => State.FamilyScores is { Length: > 0 };

    /// <summary>How many placebos came at least as far as something with a chance of its own, any SLI of the family considered, and how many there are.</summary>
    internal (int Count, int Of) PlacebosAsFar(double own)
    {
        var scores = IsInFamily ? State.FamilyScores! : State.Scores;
        return (scores.Count(score => score >= -Math.Log(own)), scores.Length);
    }

    /// <summary>The same reference as a member of a family.</summary>
    internal SeriesReference With(double[]? familyScores, int familySize) => new(State with { FamilyScores = familyScores, FamilySize = familySize });
}
