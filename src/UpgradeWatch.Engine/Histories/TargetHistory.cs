using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Histories;

/// <summary>What has been read so far of a target's history: minutes without a hole between the first and the last.</summary>
internal sealed class TargetHistory(HistoryPlan plan)
{
    private Dictionary<string, SliMinutes> _slis = plan.Slis.ToDictionary(sli => sli.Name, _ => SliMinutes.None);

    /// <summary>How it is read.</summary>
    public HistoryPlan Plan => plan;

    /// <summary>The first minute.</summary>
    public long First { get; private set; }

    /// <summary>The minute after the last; the same as the first while nothing has been read.</summary>
    public long End { get; private set; }

    /// <summary>How many numbers are kept.</summary>
    public long Numbers => plan.NumbersPerMinute * (End - First);

    /// <summary>Goes on from a stored history; an empty one when that was read with other queries.</summary>
    public static TargetHistory From(FrozenHistory? frozen, HistoryPlan plan)
    {
        var history = new TargetHistory(plan);
        if (frozen is null || frozen.PlanKey != plan.Key) return history;
        (history.First, history.End) = (frozen.FirstMinute, frozen.FirstMinute + frozen.Minutes);
        history._slis = frozen.Slis.ToDictionary(sli => sli.Sli, sli => new SliMinutes(sli.Values, sli.Events, sli.Exposures));
        return history;
    }

    /// <summary>What is to be read next to have the minutes from <paramref name="first"/> up to but without <paramref name="end"/>; null when they are all there. What is newer comes first.</summary>
    /// <param name="first">The first minute wanted.</param>
    /// <param name="end">The minute after the last one wanted.</param>
    /// <param name="minutesAtOnce">How many minutes may be read at once, as far as the plan allows it too.</param>
    public (long First, long End)? Missing(long first, long end, int minutesAtOnce)
    {
        if (first >= end) return null;
        if (End < first || First == End) Clear(end);
        var most = Math.Min(minutesAtOnce, plan.MinutesAtOnce);
        if (End < end) return (End, Math.Min(end, End + most));
        return first < First ? (Math.Max(first, First - most), First) : null;
    }

    /// <summary>Takes what was read: the minutes directly before or after those that are there. A null block has no step in them.</summary>
    public void Add(long first, long end, StepBlock? block)
    {
        var minutes = block is null ? null : MinuteBlocks.Of(block);
        var isLater = first == End;
        foreach (var sli in plan.Slis)
        {
            var read = SliMinutes.Read(sli, minutes, first, end);
            _slis[sli.Name] = isLater ? _slis[sli.Name].Then(read) : read.Then(_slis[sli.Name]);
        }

        (First, End) = isLater ? (First, end) : (first, End);
    }

    /// <summary>Forgets what is older than a minute.</summary>
    public void Trim(long oldest)
    {
        if (oldest <= First || oldest >= End) return;
        foreach (var (name, minutes) in _slis) _slis[name] = minutes.Slice((int)(oldest - First), (int)(End - oldest));
        First = oldest;
    }

    /// <summary>The minutes of an SLI from <paramref name="first"/> up to but without <paramref name="end"/>, as far as they are there.</summary>
    public (long First, SliMinutes Minutes) Of(string sli, long first, long end)
    {
        var (from, until) = (Math.Max(first, First), Math.Min(end, End));
        return until <= from ? (end, SliMinutes.None) : (from, _slis[sli].Slice((int)(from - First), (int)(until - from)));
    }

    private void Clear(long end)
    {
        foreach (var name in _slis.Keys) _slis[name] = SliMinutes.None;
        (First, End) = (end, end);
    }
}
