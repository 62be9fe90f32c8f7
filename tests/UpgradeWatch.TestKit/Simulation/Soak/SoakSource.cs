using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>
/// A source that has an answer for any step of any target at hardly any cost: steps are drawn once and used again and
/// again. What it keeps does not grow.
/// </summary>
internal sealed class SoakSource : IMetricSource
{
    private const int Drawn = 4001; // a prime, so that targets and days do not fall together
    private const int OwnGauges = 40;

    private static readonly double[] Shares = [0.01, 0.05, 0.3, 0.6, 0.75, 0.85, 0.97, 0.992, 0.996, 0.998, 0.9993, 0.9997, 0.9999, 1, 1];

    private readonly double[] _all = new double[Drawn];
    private readonly double[][] _below = [.. Shares.Select(_ => new double[Drawn])];
    private readonly double[] _bad = new double[Drawn];
    private readonly double[] _level = new double[Drawn];
    private readonly Dictionary<string, (long From, long Until)> _faulty = [];
    private readonly int _stepSeconds;

    public SoakSource(int stepSeconds)
    {
        _stepSeconds = stepSeconds;
        var random = new Random(5);
        double load = 0;
        for (var i = 0; i < Drawn; i++)
        {
            load = (0.9 * load) + (0.03 * random.NextNormal());
            for (var bound = 0; bound < Shares.Length; bound++)
            {
                var share = Shares[bound] - (bound == 0 ? 0 : Shares[bound - 1]);
                _below[bound][i] = (bound == 0 ? 0 : _below[bound - 1][i]) + random.NextPoisson(40 * stepSeconds * Math.Exp(load) * share);
            }

            _all[i] = _below[^1][i];
            _bad[i] = random.NextPoisson(_all[i] * 0.002);
            _level[i] = 0.3 * Math.Exp(0.05 * random.NextNormal());
        }
    }

    /// <summary>How many SLIs the profile gives where the source has what <see cref="SimulatedAnswers"/> knows.</summary>
    public const int ProfileSlis = 8;

    public string Name => "prometheus";

    /// <summary>SLIs that make the profile's up to a number.</summary>
    public static IReadOnlyList<SliOptions> OwnSlis(int wanted) =>
        [.. Enumerable.Range(0, OwnGauges).Take(wanted).Select(i => new SliOptions { Name = $"queue-{i}", Query = $"sum(queue_length{{queue=\"{i}\"}})" })];

    /// <summary>A version that has ten times the errors runs on a target from one time until another.</summary>
    public void Break(string target, DateTimeOffset from, DateTimeOffset until) => _faulty[target] = (StepAt(from), StepAt(until));

    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken) =>
        Task.FromResult(SimulatedAnswers.Plan(Name, target, _stepSeconds));

    public Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken) =>
        Task.FromResult<SourceReply<StepBlock>>(Block(plan, firstStep, (int)(lastStep - firstStep + 1)));

    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SourceReply<Breakdown>>(new SourceFailure(SourceFailureKind.Empty, "The simulated source has no labels."));

    public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    private long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / _stepSeconds;

    // Steps of a multiple of the drawn ones (history) are as many drawn ones together.
    private StepBlock Block(TargetPlan plan, long firstStep, int count)
    {
        var parts = (int)Math.Round(plan.StepSeconds / _stepSeconds);
        var up = new int[count];
        Array.Fill(up, 1);
        var number = 0;
        return new StepBlock
        {
            StepSeconds = plan.StepSeconds,
            FirstStep = firstStep,
            Count = count,
            Up = up,
            Down = new int[count],
            Started = new bool[count],
            Blind = new bool[count],
            Samples = count,
            Signals = plan.Signals.ToDictionary(signal => signal.Name, signal => Read(plan.Target, signal, firstStep, count, parts, number++)),
        };
    }

    private SignalSteps Read(string target, SignalDefinition signal, long firstStep, int count, int parts, int number)
    {
        var shift = StableHash(target) + (number * 613);
        double[] Of(double[] drawn, bool isMean) => Fill(drawn, shift, firstStep, count, parts, isMean);
        if (signal.Gauge is not null) return new SignalSteps { Values = Of(_level, isMean: true) };
        var bad = Of(_bad, isMean: false);
        if (_faulty.TryGetValue(target, out var faulty))
        {
            for (var i = 0; i < count; i++)
            {
                var step = (firstStep + i) * parts;
                if (step > faulty.From && step <= faulty.Until) bad[i] *= 10;
            }
        }

        return new SignalSteps
        {
            All = Of(_all, isMean: false),
            Bad = bad,
            Bounds = SimulatedService.Bounds,
            Buckets = [.. _below.Select(below => Of(below, isMean: false))],
        };
    }

    private static double[] Fill(double[] drawn, int shift, long firstStep, int count, int parts, bool isMean)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var first = ((firstStep + i - 1) * parts) + 1;
            for (var part = 0; part < parts; part++) values[i] += drawn[(first + part + shift) % Drawn];
            if (isMean) values[i] /= parts;
        }

        return values;
    }

    // string.GetHashCode differs from run to run.
    private static int StableHash(string text) => text.Aggregate(17, (hash, c) => ((hash * 31) + c) % 100_003);
}
