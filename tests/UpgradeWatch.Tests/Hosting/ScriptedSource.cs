using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Tests.Hosting;

/// <summary>A Prometheus that answers what a test says: 150 requests a step, of which some are bad.</summary>
internal sealed class ScriptedSource : IMetricSource
{
    public const int Requests = 150;

    /// <summary>Bad requests in the step that ends at a time.</summary>
    public Func<DateTimeOffset, double> Bad { get; set; } = _ => 0;

    /// <summary>Why it cannot be reached; null when it can.</summary>
    public SourceFailure? Failure { get; set; }

    /// <summary>Bad requests of one target, where that is not the same for all.</summary>
    public Func<string, DateTimeOffset, double>? BadOf { get; set; }

    /// <summary>Why it cannot be asked about a target; null when it can.</summary>
    public Func<string, SourceFailure?> FailureOf { get; set; } = _ => null;

    public string Name => "prometheus";

    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken)
    {
        var plan = new TargetPlan
        {
            Target = target.Name,
            Source = Name,
            Profile = "custom",
            Explanation = "scripted",
            StepSeconds = 15,
            ScrapeIntervalSeconds = 15,
            DelaySeconds = 0,
            Signals = [new SignalDefinition { Name = "requests", All = [new Selector("all", [])], Bad = [new Selector("bad", [])] }],
            Slis =
            [
                new SliDefinition
                {
                    Name = "error-ratio", Kind = SliKind.Ratio, Signal = "requests", Part = SignalPart.Errors, Unit = "ratio",
                    Direction = Direction.Up, Tolerance = new Tolerance(0.25, 0.001), Critical = true,
                },
            ],
        };
        return Task.FromResult<SourceReply<TargetPlan>>(plan);
    }

    /// <summary>What reads of a target wait for; null for nothing.</summary>
    public Func<string, Task?> Holds { get; set; } = _ => null;

    public async Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        if (Holds(plan.Target) is { } held) await held.WaitAsync(cancellationToken);
        if ((Failure ?? FailureOf(plan.Target)) is { } failure) return failure;
        var count = (int)Math.Max(0, lastStep - firstStep + 1);
        var steps = new StepBlock
        {
            StepSeconds = plan.StepSeconds,
            FirstStep = firstStep,
            Count = count,
            Up = [.. Enumerable.Repeat(1, count)],
            Down = new int[count],
            Started = new bool[count],
            Signals = new Dictionary<string, SignalSteps>
            {
                ["requests"] = new()
                {
                    All = [.. Enumerable.Repeat((double)Requests, count)],
                    Bad = [.. Enumerable.Range(0, count).Select(i => BadAt(plan, firstStep + i))],
                },
            },
            Samples = count * 2,
        };
        return steps;
    }

    /// <summary>Where the bad requests are, by labels; nobody knows unless a test says so.</summary>
    public Breakdown? Where { get; set; }

    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SourceReply<Breakdown>>(Where is { } where ? where : new SourceFailure(SourceFailureKind.Refused, "nobody knows"));

    public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    private double BadAt(TargetPlan plan, long step) => BadOf is { } of ? of(plan.Target, plan.EndOf(step)) : Bad(plan.EndOf(step));
}
