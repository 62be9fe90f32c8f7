using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.TestKit.Simulation;

/// <summary>
/// What really happens in a simulated target, step by step: Poisson requests under slow noise, log-normal latencies
/// that drift a little. Steps are drawn in order, once.
/// </summary>
/// <param name="plan">How the target and its versions behave.</param>
/// <param name="stepSeconds">Length of a step.</param>
/// <param name="conditionOf">What is so in a step, asked in order.</param>
internal sealed class SimulatedService(SimulationPlan plan, double stepSeconds, Func<long, SimulatedService.Condition> conditionOf)
{
    /// <summary>The bounds that ASP.NET Core's own meter proposes, in seconds.</summary>
    public static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, double.PositiveInfinity];

    private const double MedianSeconds = 0.04;
    private const double Sigma = 0.45;
    private const double Memory = 0.9;
    private const double TrafficNoise = 0.08;
    private const double Hour = 3600;
    private const double LatencyNoise = 0.015;

    private readonly Random _random = new(plan.Seed ^ 0x5eed);
    private double _traffic;
    private double _latency;

    /// <summary>What happens in the next step.</summary>
    public Step Next(long step)
    {
        _traffic = (Memory * _traffic) + (TrafficNoise * Math.Sqrt(1 - (Memory * Memory)) * _random.NextNormal());
        _latency = (Memory * _latency) + (LatencyNoise * Math.Sqrt(1 - (Memory * Memory)) * _random.NextNormal());
        var (fault, isRestarting, hasStarted) = conditionOf(step);
        if (isRestarting || fault == SimulatedFault.Down) return new Step { IsUp = false };

        var mean = plan.RequestsPerSecond * Rhythm(step) * stepSeconds * Math.Exp(_traffic) * (fault == SimulatedFault.Traffic ? plan.FaultyTraffic : 1);
        var median = MedianSeconds * Math.Exp(_latency) * (fault == SimulatedFault.Latency ? plan.FaultySlowness : 1);
        var slowShare = fault == SimulatedFault.Tail ? 0.01 : 0;
        var (counts, total) = Requests(mean, median, slowShare);
        var ratio = fault == SimulatedFault.Errors ? plan.FaultyErrorRatio : plan.ErrorRatio;
        return new Step
        {
            IsUp = true,
            HasStarted = hasStarted,
            HasMetrics = fault != SimulatedFault.Vanish,
            Total = total,
            Bad = Math.Min(total, _random.NextPoisson(total * ratio)),
            Cumulative = counts,
            Level = 0.3 * Math.Exp(0.05 * _random.NextNormal()),
        };
    }

    private double Rhythm(long step)
    {
        const double Day = 24 * Hour;
        return 1 + (plan.DailyRhythm * Math.Cos(((step * stepSeconds) - (plan.BusiestHour * Hour)) / Day * 2 * Math.PI));
    }

    // Arrivals that are thinned into buckets are independent Poisson numbers, one for each bucket.
    private (double[] Cumulative, double Total) Requests(double mean, double median, double slowShare)
    {
        var cumulative = new double[Bounds.Length];
        double below = 0, total = 0;
        for (var i = 0; i < Bounds.Length; i++)
        {
            var share = ((1 - slowShare) * Share(Bounds[i], median)) + (slowShare * Share(Bounds[i], 10 * median));
            total += _random.NextPoisson(mean * Math.Max(0, share - below));
            cumulative[i] = total;
            below = share;
        }

        return (cumulative, total);
    }

    private static double Share(double bound, double median) =>
        double.IsInfinity(bound) ? 1 : 0.5 * (1 + Erf(Math.Log(bound / median) / (Sigma * Math.Sqrt(2))));

    // Abramowitz and Stegun, 7.1.26: error below 1.5e-7.
    private static double Erf(double x)
    {
        var t = 1 / (1 + (0.3275911 * Math.Abs(x)));
        var y = 1 - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-x * x));
        return Math.Sign(x) * y;
    }

    /// <summary>A target that is upgraded once.</summary>
    public static SimulatedService Upgraded(SimulationPlan plan, double stepSeconds, long upgradeStep) => new(plan, stepSeconds, step => new Condition(
        step > upgradeStep ? plan.Fault : SimulatedFault.None,
        IsRestarting: step > upgradeStep && step <= upgradeStep + plan.RestartSteps,
        HasStarted: step > upgradeStep && step == upgradeStep + plan.RestartSteps + 1));

    /// <summary>What is so in a step.</summary>
    /// <param name="Fault">What the version that runs does wrong.</param>
    /// <param name="IsRestarting">Whether its instances do not answer.</param>
    /// <param name="HasStarted">Whether they have started in it.</param>
    internal readonly record struct Condition(SimulatedFault Fault, bool IsRestarting, bool HasStarted);

    /// <summary>One step of the truth.</summary>
    internal sealed record Step
    {
        public bool IsUp { get; init; }

        public bool HasStarted { get; init; }

        public bool HasMetrics { get; init; }

        public double Total { get; init; }

        public double Bad { get; init; }

        public double[] Cumulative { get; init; } = [];

        public double Level { get; init; }

        /// <summary>What several steps are together; null when no sample of any arrived.</summary>
        public static Step? Sum(IReadOnlyList<Step?> steps)
        {
            var there = steps.OfType<Step>().ToArray();
            if (there.Length <= 1) return there.FirstOrDefault();
            var up = there.Where(step => step is { IsUp: true, HasMetrics: true }).ToArray();
            return there[^1] with
            {
                HasStarted = there.Any(step => step.HasStarted),
                Total = up.Sum(step => step.Total),
                Bad = up.Sum(step => step.Bad),
                Cumulative = [.. Bounds.Select((_, bound) => up.Sum(step => step.Cumulative[bound]))],
                Level = up.Length == 0 ? double.NaN : up.Average(step => step.Level),
            };
        }
    }
}
