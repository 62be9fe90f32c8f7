namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>Events and what they are events of, on both sides.</summary>
internal readonly record struct PairCounts(double Old, double OldExposure, double New, double NewExposure)
{
    public double OldRate => Old / OldExposure;

    public double NewRate => New / NewExposure;

    public double All => Old + New;

    /// <summary>Whether both sides have something of which there could be events.</summary>
    public bool IsUsable => OldExposure > 0 && NewExposure > 0;

    /// <summary>The share of all events that is new where the rate is <paramref name="ratio"/> times the old one.</summary>
    public double Share(double ratio) => ratio * NewExposure / (OldExposure + ratio * NewExposure);

    public static PairCounts operator +(PairCounts a, PairCounts b) =>
        new(a.Old + b.Old, a.OldExposure + b.OldExposure, a.New + b.New, a.NewExposure + b.NewExposure);

    public static PairCounts operator -(PairCounts a, PairCounts b) =>
        new(a.Old - b.Old, a.OldExposure - b.OldExposure, a.New - b.New, a.NewExposure - b.NewExposure);
}
