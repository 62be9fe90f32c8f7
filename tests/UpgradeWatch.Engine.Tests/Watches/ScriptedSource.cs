using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>What a scripted target does in one step; a gap is null in its place.</summary>
internal sealed record Scripted(double Requests, double Errors)
{
    public double[] Bounds { get; init; } = [0.1, 0.5, double.PositiveInfinity];

    public bool IsUp { get; init; } = true;

    public bool Started { get; init; }

    public static Scripted Good(long step) => new(3000, step % 10 == 0 ? 3 : 2);

    public static Scripted Bad(long step) => new(3000, 90 + (step % 7));

    /// <summary>Seconds that a request takes on average, most of them less; null where that does not matter.</summary>
    public double? MeanSeconds { get; init; }

    /// <summary>A gauge beside the requests.</summary>
    public double Level { get; init; } = 0.3;

    /// <summary>Requests that took no longer than a bound.</summary>
    public double Within(double bound) =>
        Math.Round(Requests * (MeanSeconds is { } mean ? 1 - Math.Exp(-bound / mean) : bound < 0.2 ? 0.9 : bound < 1 ? 0.99 : 1));

    /// <summary>What several steps are together; null when none of them is there.</summary>
    public static Scripted? Sum(IReadOnlyList<Scripted?> steps)
    {
        var there = steps.OfType<Scripted>().ToArray();
        return there.Length == 0 ? null : there[^1] with
        {
            Requests = there.Sum(s => s.Requests),
            Errors = there.Sum(s => s.Errors),
            Level = there.Average(s => s.Level),
        };
    }
}

/// <summary>A source that answers from a script, remembers what it was asked, and can be away.</summary>
internal sealed class ScriptedSource(Func<long, Scripted?> script) : IMetricSource
{
    public const double StepSeconds = 15;

    private static readonly LabelMatch[] NoMatches = [];

    public string Name => "prometheus";

    public SourceFailure? Away { get; set; }

    /// <summary>Why the signal is refused though the source answers; null when it is not.</summary>
    public SourceFailure? RefusedSignal { get; set; }

    public Func<long, Scripted?> Script { get; set; } = script;

    /// <summary>Whether the target has had no request yet, so that a plan has nothing critical in it.</summary>
    public bool IsUnused { get; set; }

    /// <summary>Whether the source answers and takes in nothing in a step, of any target.</summary>
    public Func<long, bool>? IsBlind { get; set; }

    /// <summary>What it says to who asks where a finding is.</summary>
    public Func<BreakdownRequest, Task<SourceReply<Breakdown>>> WhereIs { get; set; } = _ =>
        Task.FromResult<SourceReply<Breakdown>>(new SourceFailure(SourceFailureKind.Refused, "nobody knows"));

    public List<BreakdownRequest> Breakdowns { get; } = [];

    /// <summary>Reads in steps of the plan.</summary>
    public List<(long First, long Last)> Reads { get; } = [];

    /// <summary>Reads of minutes, for the history.</summary>
    public List<(long First, long Last)> MinuteReads { get; } = [];

    /// <summary>Whose minutes these were.</summary>
    public List<string> MinuteTargets { get; } = [];

    /// <summary>Steps that were read in all.</summary>
    public long Fetched { get; private set; }

    /// <summary>Why minutes cannot be read; null when they can.</summary>
    public SourceFailure? NoHistory { get; set; }

    /// <summary>Why the gauge is refused in minutes though the source answers; null when it is not.</summary>
    public SourceFailure? RefusedHistory { get; set; }

    /// <summary>The most minutes that are answered at once; more are refused.</summary>
    public int MostMinutes { get; set; } = int.MaxValue;

    /// <summary>What is older than this cannot be read in minutes; null when it can.</summary>
    public DateTimeOffset? HistoryFrom { get; set; }

    /// <summary>Whether there is a gauge beside the requests.</summary>
    public bool HasGauge { get; set; }

    /// <summary>Whether the p95 of the requests is an SLI.</summary>
    public bool HasQuantile { get; set; }

    public Task<SourceReply<TargetPlan>> PlanAsync(TargetOptions target, CancellationToken cancellationToken) => Task.FromResult<SourceReply<TargetPlan>>(
        Away is not null
            ? Away
            : new TargetPlan
            {
                Target = target.Name,
                Source = Name,
                Profile = "custom",
                Explanation = "as the script says",
                StepSeconds = StepSeconds,
                ScrapeIntervalSeconds = StepSeconds,
                DelaySeconds = 2,
                Signals =
                [
                    new SignalDefinition { Name = "requests", Buckets = new Selector("requests_bucket", NoMatches), Bad = [new Selector("errors", NoMatches)] },
                    .. HasGauge ? [new SignalDefinition { Name = "level", Gauge = new GaugeDefinition { Value = new Selector("level", NoMatches) } }] : Array.Empty<SignalDefinition>(),
                ],
                Slis =
                [
                    Sli("error-ratio", SliKind.Ratio, SignalPart.Errors, Direction.Up, new Tolerance(0.25, 0.001)) with { Critical = !IsUnused },
                    .. IsUnused ? Array.Empty<SliDefinition>() :
                    [
                        Sli("traffic", SliKind.Gauge, SignalPart.Traffic, Direction.Down, new Tolerance(0.3, null)),
                        Sli("latency", SliKind.Latency, SignalPart.Distribution, Direction.Up, new Tolerance(0.1, null)),
                    ],
                    .. HasQuantile ? [Sli("latency-p95", SliKind.Latency, SignalPart.Quantile, Direction.Up, new Tolerance(0.1, null)) with { Quantile = 0.95 }] : Array.Empty<SliDefinition>(),
                    .. HasGauge ? [Sli("level", SliKind.Gauge, SignalPart.Gauge, Direction.Up, new Tolerance(0.1, null)) with { Signal = "level" }] : Array.Empty<SliDefinition>(),
                ],
            });

    public Task<SourceReply<StepBlock>> ReadAsync(TargetPlan plan, long firstStep, long lastStep, CancellationToken cancellationToken)
    {
        if (Away is not null) return Task.FromResult<SourceReply<StepBlock>>(Away);
        var isHistory = plan.StepSeconds > StepSeconds;
        if (isHistory && NoHistory is not null) return Task.FromResult<SourceReply<StepBlock>>(NoHistory);
        if (isHistory && lastStep - firstStep >= MostMinutes) return Task.FromResult<SourceReply<StepBlock>>(new SourceFailure(SourceFailureKind.Timeout, "So much gave no answer in time."));
        if (isHistory && plan.EndOf(firstStep) < HistoryFrom) return Task.FromResult<SourceReply<StepBlock>>(new SourceFailure(SourceFailureKind.Timeout, "The old blocks gave no answer in time."));
        (isHistory ? MinuteReads : Reads).Add((firstStep, lastStep));
        if (isHistory) MinuteTargets.Add(plan.Target);
        Fetched += lastStep - firstStep + 1;
        var parts = (int)Math.Round(plan.StepSeconds / StepSeconds);
        var steps = Enumerable.Range(0, (int)(lastStep - firstStep + 1))
            .Select(i => Scripted.Sum([.. Enumerable.Range(0, parts).Select(part => Script(((firstStep + i - 1) * parts) + part + 1))])).ToArray();
        var bounds = steps.FirstOrDefault(s => s is not null)?.Bounds ?? [];
        double[] Of(Func<Scripted, double> number) => [.. steps.Select(s => s is { IsUp: true } ? number(s) : double.NaN)];
        return Task.FromResult<SourceReply<StepBlock>>(new StepBlock
        {
            StepSeconds = plan.StepSeconds,
            FirstStep = firstStep,
            Count = steps.Length,
            Up = [.. steps.Select(s => s is null ? -1 : s.IsUp ? 1 : 0)],
            Down = [.. steps.Select(s => s is { IsUp: false } ? 1 : 0)],
            Started = [.. steps.Select(s => s is { Started: true })],
            Blind = IsBlind is null ? null : [.. Enumerable.Range(0, steps.Length).Select(i => IsBlind(firstStep + i))],
            Samples = steps.Count(s => s is not null),
            Signals = new Dictionary<string, SignalSteps>
            {
                ["level"] = isHistory && RefusedHistory is not null ? new SignalSteps { Failure = RefusedHistory } : new SignalSteps { Values = Of(s => s.Level) },
                ["requests"] = RefusedSignal is not null ? new SignalSteps { Failure = RefusedSignal } : new SignalSteps
                {
                    All = Of(s => s.Requests),
                    Bad = Of(s => s.Errors),
                    Bounds = bounds,
                    Buckets = [.. bounds.Select(bound => Of(s => s.Within(bound)))],
                },
            },
        });
    }

    public Task<SourceReply<Breakdown>> BreakDownAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken)
    {
        Breakdowns.Add(request);
        return Away is null ? WhereIs(request) : Task.FromResult<SourceReply<Breakdown>>(Away);
    }

    public Task<IReadOnlyList<string>> MetricNamesAsync(TargetPlan plan, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(["requests_seconds_bucket", "go_goroutines"]);

    private static SliDefinition Sli(string name, SliKind kind, SignalPart part, Direction direction, Tolerance tolerance) => new()
    {
        Name = name,
        Kind = kind,
        Signal = "requests",
        Part = part,
        Unit = part == SignalPart.Errors ? "ratio" : part == SignalPart.Traffic ? "requests_per_second" : "seconds",
        Direction = direction,
        Tolerance = tolerance,
        Critical = true,
    };
}
