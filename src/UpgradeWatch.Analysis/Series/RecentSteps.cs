namespace UpgradeWatch.Analysis.Series;

/// <summary>Sums over the last counted steps, or over as many more as hold what an estimate needs.</summary>
internal sealed class RecentSteps
{
    /// <summary>How many steps an estimate of the present state takes.</summary>
    public const int Steps = 8;

    /// <summary>How many steps show whether it is over already.</summary>
    public const int NewestSteps = 4;

    /// <summary>How many requests it takes at least.</summary>
    public const double Requests = 20;

    private const int MostSteps = 960;
    private readonly Queue<(double Events, double Exposure, double[]? Buckets)> _steps = new();
    private readonly int _count;
    private readonly double _least;
    private double _sumOfEvents;
    private double _sumOfExposure;

    /// <param name="count">How many steps.</param>
    /// <param name="least">Exposure to hold even if it takes more steps; 0 for none.</param>
    /// <param name="buckets">Number of buckets, 0 for none.</param>
    public RecentSteps(int count, double least, int buckets = 0)
    {
        _count = count;
        _least = least;
        Buckets = new double[buckets];
    }

    /// <summary>Events in the window.</summary>
    public double Events => Math.Max(0, _sumOfEvents);

    /// <summary>What they are events of.</summary>
    public double Exposure => Math.Max(0, _sumOfExposure);

    /// <summary>Cumulative counts in the window.</summary>
    public double[] Buckets { get; }

    /// <summary>Takes the next step. The buckets are kept by reference.</summary>
    public void Add(double events, double exposure, double[]? buckets = null)
    {
        _steps.Enqueue((events, exposure, buckets));
        Move(events, exposure, buckets, 1);
        while (_steps.Count > MostSteps || (_steps.Count > _count && _sumOfExposure - _steps.Peek().Exposure >= _least))
        {
            var (oldEvents, oldExposure, oldBuckets) = _steps.Dequeue();
            Move(oldEvents, oldExposure, oldBuckets, -1);
        }
    }

    private void Move(double events, double exposure, double[]? buckets, int sign)
    {
        _sumOfEvents += sign * events;
        _sumOfExposure += sign * exposure;
        if (buckets is null)
            return;
        for (var i = 0; i < Buckets.Length; i++)
            Buckets[i] += sign * buckets[i];
    }
}
