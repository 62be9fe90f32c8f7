using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.Engine.Watches;

namespace UpgradeWatch.Engine.Histories;

/// <summary>The minutes of one SLI as they are kept in memory: one number each, or two for a ratio. Arrays are replaced, never changed.</summary>
/// <param name="Values">Values in the SLI's unit; empty for a ratio.</param>
/// <param name="Events">Bad events of a ratio; else empty.</param>
/// <param name="Exposures">All events of a ratio; else empty.</param>
internal sealed record SliMinutes(float[] Values, float[] Events, float[] Exposures)
{
    /// <summary>None.</summary>
    public static readonly SliMinutes None = new([], [], []);

    /// <summary>Takes an SLI's numbers out of a block of minutes (or longer steps), for the minutes from <paramref name="first"/> up to but without <paramref name="end"/>.</summary>
    public static SliMinutes Read(SliDefinition sli, StepBlock? block, long first, long end)
    {
        var isRatio = sli.Part == SignalPart.Errors;
        var values = Gaps(isRatio ? 0 : end - first);
        var (events, exposures) = (Gaps(isRatio ? end - first : 0), Gaps(isRatio ? end - first : 0));
        for (var i = 0; i < (block?.Count ?? 0); i++)
        {
            var at = HistoryPlan.MinuteOf(block!.FirstStep + i, block.StepSeconds) - first;
            if (at < 0 || at >= end - first) continue;
            if (isRatio)
            {
                var sample = SliReader.Sample(sli, block, i, default);
                (events[at], exposures[at]) = ((float)sample.Value, (float)sample.Total);
            }
            else if (SliReader.Value(sli, block, i) is { } value)
            {
                values[at] = (float)value;
            }
        }

        return new SliMinutes(values, events, exposures);
    }

    /// <summary>These minutes with those after them.</summary>
    public SliMinutes Then(SliMinutes later) =>
        new([.. Values, .. later.Values], [.. Events, .. later.Events], [.. Exposures, .. later.Exposures]);

    /// <summary>Only some of the minutes.</summary>
    public SliMinutes Slice(int start, int count)
    {
        return new SliMinutes(Cut(Values), Cut(Events), Cut(Exposures));
        float[] Cut(float[] minutes) => minutes.Length == 0 ? minutes : minutes[start..(start + count)];
    }

    private static float[] Gaps(long count)
    {
        var gaps = new float[count];
        Array.Fill(gaps, float.NaN);
        return gaps;
    }
}
