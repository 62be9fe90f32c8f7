using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Tests.Simulation;

/// <summary>One setting of error counts: an hour before and an hour after in steps of 15 s.</summary>
/// <param name="Requests">Requests per step.</param>
/// <param name="Ratio">Share of errors before.</param>
/// <param name="IsOverdispersed">Whether errors come in clumps (beta-binomial, k = 200) at a wandering rate (AR(.9), sd .5), and the traffic wanders (sd 20 %).</param>
internal sealed record CountsCell(double Requests, double Ratio, bool IsOverdispersed)
{
    private const int Steps = 240;
    private const double Alpha = 0.01;
    private const double ErrorNoise = 0.5;

    /// <summary>
    /// What is tolerated: the default without its 0.1 percentage points, which would tolerate ten times 0.01 %. Where
    /// there are more errors than that they decide nothing.
    /// </summary>
    public const double Tolerated = 1.25;

    public static IEnumerable<CountsCell> All =>
        from isOverdispersed in new[] { false, true }
        from requests in new[] { 1.0, 10, 100, 1000, 10_000 }
        from ratio in new[] { 0.0001, 0.01, 0.05 }
        select new CountsCell(requests, ratio, isOverdispersed);

    /// <summary>Errors to be expected in the baseline.</summary>
    public double ErrorsBefore => Steps * ErrorsPerStep;

    private double ErrorsPerStep => Requests * Ratio * (IsOverdispersed ? Math.Exp(ErrorNoise * ErrorNoise / 2) : 1);

    /// <summary>An upgrade that multiplies the share of errors.</summary>
    public Trial Upgrade(double factor, int historySteps = 0)
    {
        var before = new Behaviour
        {
            RequestsPerSecond = Requests / 15,
            ErrorRatio = Ratio,
            LoadNoise = IsOverdispersed ? 0.2 : 0,
            ErrorNoise = IsOverdispersed ? ErrorNoise : 0,
        };
        return new Trial
        {
            Measure = Measure.Ratio,
            StepSeconds = 15,
            HistorySteps = historySteps,
            BaselineSteps = Steps,
            ObservedSteps = Steps,
            Alpha = Alpha,
            Tolerance = new Tolerance(Tolerated - 1, null),
            Before = before,
            After = before with { ErrorRatio = factor * Ratio },
        };
    }

    /// <summary>
    /// The steps that a sequential test needs on average when it knows both rates (Wald 1945): |ln alpha| over the
    /// Kullback-Leibler distance between this rate and the largest tolerated one, of Poisson counts, divided by their
    /// dispersion. At least one step: nobody sees half of one.
    /// </summary>
    public double WaldSteps(double factor)
    {
        var (worse, tolerated) = (factor * ErrorsPerStep, Tolerated * ErrorsPerStep);
        var distance = worse * Math.Log(worse / tolerated) - (worse - tolerated);
        return Math.Max(1, -Math.Log(Alpha) * Dispersion(factor) / distance);
    }

    /// <summary>The variance of many steps over that of independent errors: clumps, and a wandering rate that takes 19 steps for what it forgets in one.</summary>
    private double Dispersion(double factor)
    {
        if (!IsOverdispersed)
            return 1;

        var variance = 0.0;
        for (var lag = -200; lag <= 200; lag++)
            variance += Math.Exp(ErrorNoise * ErrorNoise * Math.Pow(0.9, Math.Abs(lag))) - 1;
        return 1 + (Requests - 1) / 201 + factor * ErrorsPerStep * variance;
    }
}
