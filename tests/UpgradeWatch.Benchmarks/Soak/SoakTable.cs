using System.Globalization;
using UpgradeWatch.TestKit.Simulation.Soak;

namespace UpgradeWatch.Benchmarks.Soak;

/// <summary>A week of upgrades in compressed time: what memory, store and lag do meanwhile.</summary>
internal static class SoakTable
{
    /// <summary>What it is called; run alone, because what else runs in the process would be measured with it.</summary>
    public const string Name = "soak";

    private const int RowEveryHours = 6;

    /// <summary>Runs what the arguments say.</summary>
    /// <returns>0 when every promise was kept, 1 when one was broken, 2 for wrong arguments.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var plan = args.Contains("--quick") ? SoakPlan.Quick : SoakPlan.Week;
        string[] others = [.. args.Where(arg => arg is not (Name or "--quick"))];
        if (others is ["--hours", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours >= SoakPlan.FewestHours)
        {
            plan = plan with { Duration = TimeSpan.FromHours(hours) };
        }
        else if (others.Length > 0)
        {
            errors.WriteLine($"{Name} takes --quick (some hours, a look a minute) and --hours N (at least {SoakPlan.FewestHours}); it is run without other tables.");
            return 2;
        }

        return Print(output, plan) ? 0 : 1;
    }

    private static bool Print(TextWriter output, SoakPlan plan)
    {
        // Each thread keeps pooled buffers, of up to a megabyte, for half a minute of real time, which is hours here. With
        // as many threads as happen to be there 15 to 25 MB of them would be measured beside the 32 MB that live.
        ThreadPool.SetMaxThreads(Environment.ProcessorCount, Environment.ProcessorCount);
        output.WriteLine($"\n{plan.Duration.TotalHours:0} hours of {plan.Targets} targets with {plan.SlisPerTarget} SLIs, upgraded every {plan.Round.TotalMinutes:0} minutes and looked at every {plan.IntervalSeconds} s; closed upgrades are kept for {plan.RetentionDays} day\n");
        var table = new MarkdownTable(output, "hour", "managed MB", "resident MB", "store MB", "upgrades", "lag s", "look ms", "series", "SLIs judged");
        var everyRow = plan.Duration.TotalHours <= 4 * RowEveryHours;
        var judged = 0L;
        var hours = SoakRun.RunAsync(plan, hour =>
        {
            judged += hour.Evaluated;
            if (everyRow || hour.At.TotalHours % RowEveryHours == 0 || hour.At.TotalHours == 1)
            {
                table.Add(
                    Show(hour.At.TotalHours), Show(hour.ManagedMegabytes), Show(hour.ResidentMegabytes), Show(hour.StoreMegabytes), Show(hour.Upgrades),
                    Show(hour.LagSeconds), Show(hour.LookMilliseconds), Show(hour.Series), Show(judged));
            }
        }).GetAwaiter().GetResult();
        output.WriteLine();
        var isKept = true;
        foreach (var (sentence, kept) in SoakJudge.Judge(plan, hours))
        {
            output.WriteLine($"{(kept ? "kept  " : "BROKEN")} {sentence}");
            isKept &= kept;
        }

        return isKept;
    }

    private static string Show(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
