using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.TestKit.Simulation;

/// <summary>A metrics source that measures a <see cref="SimulatedService"/>, with gaps, and that is away at times.</summary>
internal sealed class SimulatedSource : IMetricSource
{
    private readonly SimulationPlan _plan;
    private readonly SimulatedService _service;
    private readonly double _stepSeconds;
    private readonly long _firstStep;
    private readonly long _upgradeStep;
    private readonly TimeProvider _time;
    private readonly List<SimulatedService.Step> _steps = [];

    /// <param name="plan">What happens.</param>
    /// <param name="stepSeconds">Length of a step, which is also the scrape interval.</param>
    /// <param name="firstStep">The first step that has samples.</param>
    /// <param name="upgradeStep">The last step before the upgrade.</param>
    /// <param name="time">The virtual clock.</param>
    public SimulatedSource(SimulationPlan plan, double stepSeconds, long firstStep, long upgradeStep, TimeProvider time)
    {
        (_plan, _stepSeconds, _firstStep, _upgradeStep, _time) = (plan, stepSeconds, firstStep, upgradeStep, time);
        _service = SimulatedService.Upgraded(plan, stepSeconds, upgradeStep);
    }

    public string Name => "prometheus";

    /// <summary>Whether the source is away now.</summary>
    public bool IsAway => Within(_plan.Outages, NowStep());

    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken) =>
        Task.FromResult(IsAway ? Away() : SimulatedAnswers.Plan(Name, target, _stepSeconds));

    public Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        if (IsAway) return Task.FromResult<SourceReply<StepBlock>>(Away());
        var parts = (int)Math.Round(plan.StepSeconds / _stepSeconds);
        return Task.FromResult<SourceReply<StepBlock>>(SimulatedAnswers.Block(plan, firstStep, lastStep, parts, TruthOf));
    }

    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken)
    {
        if (IsAway) return Task.FromResult<SourceReply<Breakdown>>(Away());
        var rows = new SimulatedRows(_plan, request);
        foreach (var isSince in new[] { false, true })
        {
            var (first, last) = isSince ? (request.SinceFirst, request.SinceLast) : (request.BeforeFirst, request.BeforeLast);
            for (var step = first; step <= last; step++)
            {
                if (TruthOf(step) is { IsUp: true, HasMetrics: true } truth) rows.Add(truth, step > _upgradeStep, isSince);
            }
        }

        return Task.FromResult<SourceReply<Breakdown>>(rows.Build(_stepSeconds));
    }

    public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(["shop_http_server_request_seconds_bucket"]);

    private static SourceFailure Away() => new(SourceFailureKind.Unreachable, "The simulated source is away: connection refused.");

    private static bool Within(IReadOnlyList<(int First, int Length)> stretches, long step) =>
        stretches.Any(s => step >= s.First && step < s.First + s.Length);

    private long NowStep() => (long)Math.Floor((_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds / _stepSeconds) - _upgradeStep;

    // Null where no sample arrived.
    private SimulatedService.Step? TruthOf(long step)
    {
        if (step < _firstStep || (step <= _upgradeStep && NowStep() > _plan.ForgetAt)) return null;
        while (_steps.Count <= step - _firstStep) _steps.Add(_service.Next(_firstStep + _steps.Count));
        return step > _upgradeStep && Within(_plan.Gaps, step - _upgradeStep) ? null : _steps[(int)(step - _firstStep)];
    }
}
