namespace UpgradeWatch.TestKit.Simulation;

/// <summary>Everything that a seed decides about one simulated upgrade. The same seed gives the same plan.</summary>
public sealed record SimulationPlan
{
    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>What the new version does wrong.</summary>
    public required SimulatedFault Fault { get; init; }

    /// <summary>Mean requests in a second before the upgrade.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Share of failing requests before.</summary>
    public required double ErrorRatio { get; init; }

    /// <summary>Share of failing requests after, where errors are the fault.</summary>
    public required double FaultyErrorRatio { get; init; }

    /// <summary>How many times slower every request is, where latency is the fault.</summary>
    public required double FaultySlowness { get; init; }

    /// <summary>Share of the traffic that stays, where traffic is the fault.</summary>
    public required double FaultyTraffic { get; init; }

    /// <summary>Length of the phase <c>upgrading</c> in steps.</summary>
    public required int RolloutSteps { get; init; }

    /// <summary>How many steps of the rollout the instances do not answer.</summary>
    public required int RestartSteps { get; init; }

    /// <summary>Steps after the upgrade in which no sample arrives, by first step and length.</summary>
    public required IReadOnlyList<(int First, int Length)> Gaps { get; init; }

    /// <summary>Steps after the upgrade in which the source cannot be asked, by first step and length.</summary>
    public required IReadOnlyList<(int First, int Length)> Outages { get; init; }

    /// <summary>Days before the upgrade that the source remembers; 0 for hardly more than the baseline.</summary>
    public int HistoryDays { get; init; }

    /// <summary>By how much the traffic rises and falls with the day, as a share of its mean.</summary>
    public double DailyRhythm { get; init; }

    /// <summary>The hour (UTC) at which it is highest.</summary>
    public double BusiestHour { get; init; } = 18;

    /// <summary>Steps after the upgrade after which the process dies and another one goes on; null for never.</summary>
    public int? RestartAt { get; init; }

    /// <summary>Steps after the upgrade after which the source forgets what was before; null for never.</summary>
    public int? ForgetAt { get; init; }

    /// <summary>Draws a plan. A bad version is drawn in half of the seeds.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="steps">Steps from the upgrade to the end of the window.</param>
    public static SimulationPlan Draw(int seed, int steps)
    {
        var random = new Random(seed);
        var faults = Enum.GetValues<SimulatedFault>();
        return new SimulationPlan
        {
            Seed = seed,
            Fault = seed % 2 == 0 ? SimulatedFault.None : faults[1 + random.Next(faults.Length - 1)],
            RequestsPerSecond = Math.Exp(random.NextDouble() * Math.Log(40)) * 5,
            ErrorRatio = random.NextDouble() < 0.2 ? 0 : 0.0005 + (0.0045 * random.NextDouble()),
            FaultyErrorRatio = 0.03 + (0.1 * random.NextDouble()),
            FaultySlowness = 1.4 + random.NextDouble(),
            FaultyTraffic = 0.2 + (0.3 * random.NextDouble()),
            RolloutSteps = random.Next(4, 40),
            RestartSteps = random.Next(0, 4),
            Gaps = Stretches(random, random.Next(4), steps, 6),
            Outages = Stretches(random, random.Next(4), steps, 60),
        };
    }

    private static List<(int First, int Length)> Stretches(Random random, int count, int steps, int longest)
    {
        List<(int First, int Length)> stretches = [];
        for (var i = 0; i < count; i++) stretches.Add((random.Next(steps), 1 + random.Next(longest)));
        return stretches;
    }

    /// <summary>One line that says it all.</summary>
    public override string ToString() =>
        $"seed {Seed}: {Fault} at {RequestsPerSecond:0.0}/s, errors {ErrorRatio:P2} -> {FaultyErrorRatio:P1}, slowness {FaultySlowness:0.00}, traffic {FaultyTraffic:0.00}, " +
        $"rollout {RolloutSteps} steps, restart {RestartSteps}, gaps {string.Join(' ', Gaps)}, outages {string.Join(' ', Outages)}";
}
