namespace UpgradeWatch.Analysis.Comparisons;

/// <summary>Sums over the last steps, or over as many more as hold what an estimate needs on both sides.</summary>
internal sealed class RecentPairs(int count, double least)
{
    private const int MostSteps = 960;
    private readonly Queue<PairCounts> _steps = new();

    public PairCounts Sum { get; private set; }

    public void Add(in PairCounts counts)
    {
        _steps.Enqueue(counts);
        Sum += counts;
        while (_steps.Count > MostSteps || (_steps.Count > count && Holds(Sum - _steps.Peek())))
            Sum -= _steps.Dequeue();
    }

    private bool Holds(in PairCounts counts) => counts.OldExposure >= least && counts.NewExposure >= least;
}
