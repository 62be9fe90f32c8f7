using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>
/// Upgrades of many SLIs, put together from real series that are aligned in time; three in ten are noisy copies of
/// others. How often anything fails where nothing was changed, and what is found of one erroneous change among forty.
/// </summary>
internal static class ManySlisTable
{
    private const double LongEnough = 2.2 * 86400;
    private const double OneCopyIn = 0.3;
    private const int Among = 40;
    private static readonly double[] MinutesBefore = [130, 400, 700, 1000];

    public static void Print(TextWriter output, DataFolder data)
    {
        var series = data.Changes.Where(change => change.ChangeAt - change.Series.Begin > LongEnough + 60 * MinutesBefore.Max()).ToArray();
        var calm = series.AsParallel().AsOrdered().Select((change, index) => Calm(change, index)).Where(members => members.Length > 0).ToArray();
        if (calm.Length == 0)
        {
            output.WriteLine("Many SLIs: no series is long enough.");
            return;
        }

        output.WriteLine($"Many SLIs: nothing was changed, alpha 1 % for all of them together (seed 1, from {calm.Length} series)");
        output.WriteLine("SLIs   upgrades   with any fail");
        foreach (var (size, count) in new[] { (1, 1000), (10, 600), (40, 400), (100, 300) })
        {
            var draw = new Draw(1);
            var upgrades = Enumerable.Range(0, count).Select(_ => Choose(draw, calm, size)).ToArray();
            var failed = upgrades.AsParallel().Count(members => FamilyMember.Judge(members).Any(fails => fails));
            output.WriteLine($"{size,4}{count,11}{failed / (double)count,16:0.000}");
        }

        PrintRecall(output, data, calm);
        output.WriteLine();
    }

    private static void PrintRecall(TextWriter output, DataFolder data, FamilyMember[][] calm)
    {
        var draw = new Draw(2);
        var trials = data.Changes.Where(change => change.IsAbnormal)
            .Select(change => (change, others: Choose(draw, calm, Among - 1))).ToArray()
            .AsParallel().Select(entry => (Member: FamilyMember.Create(entry.change.Series, entry.change.ChangeAt), entry.others))
            .Where(entry => entry.Member is not null)
            .Select(entry => (Alone: FamilyMember.Judge([entry.Member!])[0], Together: FamilyMember.Judge([entry.Member!, .. entry.others])[0]))
            .ToArray();
        output.WriteLine($"one erroneous change of {trials.Length}: found alone {Share(trial => trial.Alone)}, among {Among} SLIs {Share(trial => trial.Together)}");

        string Share(Func<(bool Alone, bool Together), bool> holds) => $"{trials.Count(holds) / (double)trials.Length:0.000}";
    }

    private static FamilyMember[] Calm(LabelledChange change, int index) => [.. MinutesBefore
        .SelectMany((minutes, turn) => new[]
        {
            FamilyMember.Create(change.Series, change.ChangeAt - 60 * minutes),
            FamilyMember.Create(change.Series, change.ChangeAt - 60 * minutes, noise: 1, seed: 10 * index + turn),
        })
        .OfType<FamilyMember>()];

    /// <summary>Members of different series; some of them come with a noisy copy of the same moment.</summary>
    private static FamilyMember[] Choose(Draw draw, FamilyMember[][] calm, int size)
    {
        var order = Enumerable.Range(0, calm.Length).OrderBy(_ => draw.Uniform()).ToArray();
        var members = new List<FamilyMember>(size);
        for (var next = 0; members.Count < size; next++)
        {
            var of = calm[order[next % order.Length]];
            var at = 2 * (int)(draw.Uniform() * (of.Length / 2));
            members.Add(of[at]);
            if (members.Count < size && at + 1 < of.Length && draw.Uniform() < OneCopyIn / (1 - OneCopyIn)) members.Add(of[at + 1]);
        }

        return [.. members];
    }
}
