using System.Globalization;

namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>What a soak promises: memory stays flat, the store is bounded by what is kept, and no look takes longer than the ones before.</summary>
public static class SoakJudge
{
    /// <summary>By what share the store may grow over all the hours in which as much is dropped as is added.</summary>
    public const double MostStoreGrowth = 0.05;

    /// <summary>By what share the processor time of a look may grow: it is measured on a machine that does other things too.</summary>
    public const double MostLookGrowth = 0.3;

    /// <summary>Each promise in a sentence, and whether it was kept.</summary>
    public static IReadOnlyList<(string Sentence, bool IsKept)> Judge(SoakPlan plan, IReadOnlyList<SoakHour> hours)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var watched = hours.Where(hour => hour.At > plan.Begun).ToArray();
        var kept = hours.Where(hour => hour.At > plan.Kept).ToArray();
        List<(string Sentence, bool IsKept)> promises =
        [
            Grows("managed memory", plan.Begun, watched, hour => hour.ManagedMegabytes, "MB", plan.MostMemoryGrowth),
            Grows("processor time of a look", plan.Begun, watched, hour => hour.LookMilliseconds, "ms", MostLookGrowth),
            ($"the largest lag is {Show(watched.Max(hour => hour.LagSeconds))} s; up to two looks are allowed", watched.Max(hour => hour.LagSeconds) <= 2 * plan.IntervalSeconds),
        ];
        if (kept.Length > 1) promises.Add(Grows("the store", plan.Kept, kept, hour => hour.StoreMegabytes, "MB", MostStoreGrowth));
        return promises;
    }

    private static (string, bool) Grows(string what, TimeSpan from, IReadOnlyList<SoakHour> hours, Func<SoakHour, double> number, string unit, double most)
    {
        double[] numbers = [.. hours.Select(number)];
        var growth = Growth.Of(numbers);
        return ($"{what} from hour {Show(from.TotalHours)} on: {Show(numbers.Min())} to {Show(numbers.Max())} {unit}, grows by {Show(growth * 100)} % in all; up to {Show(most * 100)} % is allowed", growth <= most);
    }

    private static string Show(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
