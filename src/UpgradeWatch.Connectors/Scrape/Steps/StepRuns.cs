namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>Cuts steps where the bounds of a histogram change: a block has one list of bounds.</summary>
internal static class StepRuns
{
    /// <summary>The runs from a first to a last step, both included, in ascending order.</summary>
    public static IEnumerable<(long First, long Last)> Split(StepRing ring, long first, long last)
    {
        var bounds = new Dictionary<string, double[]>();
        var start = first;
        for (var step = first; step <= last; step++)
        {
            if (Fits(ring, ring.Slot(step), bounds)) continue;

            yield return (start, step - 1);
            start = step;
            bounds.Clear();
            Fits(ring, ring.Slot(step), bounds);
        }

        if (start <= last) yield return (start, last);
    }

    private static bool Fits(StepRing ring, int slot, Dictionary<string, double[]> bounds)
    {
        foreach (var (key, signal) in ring.Signals)
        {
            if (signal.Rows?[slot] is not { } row) continue;
            if (!bounds.TryGetValue(key, out var before)) bounds.Add(key, row.Bounds);
            else if (!before.AsSpan().SequenceEqual(row.Bounds)) return false;
        }

        return true;
    }
}
