using UpgradeWatch.Analysis.Comparisons;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Engine.Sides;

/// <summary>Compares new instances with old ones at the same time, for as long as there are both.</summary>
internal sealed class SideWatch(InstanceSides sides, long firstStep)
{
    // The last old instance may be scraped once more after it has gone.
    private const int StepsWithoutOld = 8;

    private readonly List<SliDefinition> _slis = [];
    private readonly List<(StepBlock Old, StepBlock New)> _blocks = [];
    private IReadOnlyList<(StepBlock One, StepBlock Other)> _halves = [];
    private Dictionary<string, SideBySide> _judges = [];
    private object? _builtFor;
    private bool _hasBoth;
    private int _alone;

    /// <summary>The SLIs of the target; those that can be are compared.</summary>
    public required IReadOnlyList<SliDefinition> Slis
    {
        init => _slis = [.. value.Where(CanCompare)];
    }

    /// <summary>Which instances they are.</summary>
    public InstanceSides Sides => sides;

    /// <summary>Index of the step to be read next.</summary>
    public long NextStep { get; private set; } = firstStep;

    /// <summary>Whether there were both, and the old ones have gone: there is nothing more to compare.</summary>
    public bool IsOver => _hasBoth && _alone >= StepsWithoutOld;

    /// <summary>Whether it is known how much instances differ when nothing does, or cannot be.</summary>
    public bool HasHalves { get; private set; }

    /// <summary>Whether there have been old and new instances at the same time.</summary>
    public bool HasBoth => _hasBoth;

    /// <summary>Takes two halves of the instances before the upgrade.</summary>
    public void Take(StepBlock one, StepBlock other)
    {
        (_halves, HasHalves, _builtFor) = ([(one, other)], true, null);
    }

    /// <summary>Takes the next steps of both, which must follow the last ones.</summary>
    public void Add(StepBlock old, StepBlock @new)
    {
        _blocks.Add((old, @new));
        NextStep = old.FirstStep + old.Count;
        for (var i = 0; i < old.Count; i++)
        {
            var (hasOld, hasNew) = (!StepBlocks.IsGap(old, i), !StepBlocks.IsGap(@new, i));
            _hasBoth |= hasOld && hasNew;
            _alone = hasOld ? 0 : _alone + 1;
        }

        _builtFor = null;
    }

    /// <summary>A finding with what the comparison at the same time says to it.</summary>
    /// <param name="sli">The SLI.</param>
    /// <param name="beforeAfter">The finding of the comparison with the time before.</param>
    /// <param name="moment">Now.</param>
    /// <param name="specs">How the SLIs are judged; made anew whenever that changes.</param>
    /// <param name="stateOf">What is known about a step.</param>
    public SliFinding Complete(SliDefinition sli, SliFinding beforeAfter, in Moment moment, IReadOnlyDictionary<string, SliSpec> specs, Func<long, StepState> stateOf)
    {
        if (!_hasBoth || !HasHalves) return beforeAfter;
        if (!ReferenceEquals(_builtFor, specs)) Build(specs, stateOf);
        return _judges.TryGetValue(sli.Name, out var judge) ? BothComparisons.Combine(beforeAfter, judge.Evaluate(moment)) : beforeAfter;
    }

    /// <summary>Whether an SLI can be compared at the same time: how many requests go to whom is decided by others.</summary>
    public static bool CanCompare(SliDefinition sli) => sli.Part is SignalPart.Errors or SignalPart.Distribution;

    private void Build(IReadOnlyDictionary<string, SliSpec> specs, Func<long, StepState> stateOf)
    {
        _builtFor = specs;
        _judges = [];
        foreach (var sli in _slis)
        {
            var spec = specs[sli.Name];
            var reference = _halves.SelectMany(pair => Pairs(sli, spec, pair.One, pair.Other, _ => StepState.None)).ToList();
            var judge = SideBySide.Create(spec, reference);
            foreach (var step in _blocks.SelectMany(pair => Pairs(sli, spec, pair.Old, pair.New, stateOf))) judge.Add(step);
            _judges[sli.Name] = judge;
        }
    }

    private static IEnumerable<PairedStep> Pairs(SliDefinition sli, SliSpec spec, StepBlock old, StepBlock @new, Func<long, StepState> stateOf)
    {
        var bounds = sli.Part == SignalPart.Distribution ? spec.Bounds : null;
        for (var i = 0; i < Math.Min(old.Count, @new.Count); i++)
        {
            var state = stateOf(old.FirstStep + i);
            yield return new PairedStep(SliReader.Sample(sli, old, i, state, bounds), SliReader.Sample(sli, @new, i, state, bounds), Math.Max(1, old.Up[i]), Math.Max(1, @new.Up[i]));
        }
    }
}
