using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.TestKit.Simulation.Days;

/// <summary>A metrics source that measures several targets, minute by minute, and that is away at times.</summary>
internal sealed class SimulatedFleet : IMetricSource
{
    /// <summary>Length of a step and scrape interval, in seconds.</summary>
    public const double StepSeconds = 60;

    private readonly DayPlan _plan;
    private readonly long _firstStep;
    private readonly long _midnight;
    private readonly Dictionary<string, (SimulatedService Service, int Index)> _services = [];
    private readonly Dictionary<string, List<SimulatedService.Step>> _steps = [];

    /// <param name="plan">What happens.</param>
    /// <param name="midnight">The step that ends as the day begins.</param>
    /// <param name="firstStep">The first step that has samples.</param>
    public SimulatedFleet(DayPlan plan, long midnight, long firstStep)
    {
        (_plan, _midnight, _firstStep) = (plan, midnight, firstStep);
        for (var i = 0; i < plan.Targets.Count; i++)
        {
            var index = i;
            Deployments.Add(new Deployment());
            _services[NameOf(i)] = (new SimulatedService(plan.Targets[i], StepSeconds, step => Deployments[index].At(step)), index);
            _steps[NameOf(i)] = [];
        }
    }

    public string Name => "prometheus";

    /// <summary>What runs, for each target.</summary>
    public List<Deployment> Deployments { get; } = [];

    /// <summary>The minute of the day that it really is.</summary>
    public int Minute { get; set; }

    /// <summary>Whether the source has no answer now.</summary>
    public bool IsAway => Away is not null;

    private SourceFailureKind? Away => _plan.Troubles.OfType<DayTrouble.SourceAway>().FirstOrDefault(trouble => trouble.Holds(Minute))?.Kind;

    /// <summary>The name of a target.</summary>
    public static string NameOf(int target) => $"shop-{target}";

    /// <summary>The step that ends at a minute of the day.</summary>
    public long StepAt(int minute) => _midnight + minute;

    /// <summary>When a minute of the day begins.</summary>
    public DateTimeOffset TimeAt(int minute) => _plan.Midnight.AddMinutes(minute);

    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken) =>
        Task.FromResult(Failure is { } failure ? failure : SimulatedAnswers.Plan(Name, target, StepSeconds));

    public Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken) =>
        Task.FromResult<SourceReply<StepBlock>>(Failure is { } failure ? failure : Block(plan, firstStep, lastStep));

    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SourceReply<Breakdown>>(new SourceFailure(SourceFailureKind.Empty, "The simulated fleet has no labels."));

    public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    // What has arrived of any target.
    private long NewestStep => StepAt(Minute) - _plan.Troubles.OfType<DayTrouble.Late>().Where(late => late.Holds(Minute)).Sum(late => late.Lag);

    private StepBlock Block(TargetPlan plan, long firstStep, long lastStep)
    {
        var block = SimulatedAnswers.Block(plan, firstStep, lastStep, 1, step => TruthOf(plan.Target, step));
        return block with { Blind = [.. Enumerable.Range(0, block.Count).Select(i => firstStep + i > NewestStep)] };
    }

    private SourceFailure? Failure => Away is { } kind ? new SourceFailure(kind, $"The simulated source is away: {kind}.") : null;

    // Null where no sample arrived, and for what is still to come, whatever the clock of the asker says.
    private SimulatedService.Step? TruthOf(string target, long step)
    {
        if (step < _firstStep || step > NewestStep) return null;
        var (service, index) = _services[target];
        var steps = _steps[target];
        while (steps.Count <= step - _firstStep) steps.Add(service.Next(_firstStep + steps.Count));
        var minute = (int)(step - _midnight);
        return _plan.Troubles.OfType<DayTrouble.Gap>().Any(gap => gap.Target == index && gap.Holds(minute)) ? null : steps[(int)(step - _firstStep)];
    }
}
