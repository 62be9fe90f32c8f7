using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;

namespace UpgradeWatch.Benchmarks.Cost;

/// <summary>What judging costs, beside what it may cost.</summary>
internal static class CostTable
{
    private const double Newest = 50;
    private const double NothingCached = 20_000;
    private const double ThousandSlisMilliseconds = 50;
    private const double BytesOfSli = 150e3;

    public static void Print(TextWriter output)
    {
        output.WriteLine("Processor time for one SLI with 7 days of history at 60 s, an hour after the upgrade");
        output.WriteLine("one evaluation                          mean    +-  allocated   budget  of it");
        var summary = BenchmarkRunner.Run<JudgingBenchmarks>(Config());
        Row(output, summary, "newest minute: series", nameof(JudgingBenchmarks.NewestMinuteOfSeries), Newest);
        Row(output, summary, "newest minute: errors of requests", nameof(JudgingBenchmarks.NewestMinuteOfErrors), Newest);
        Row(output, summary, "newest minute: latency buckets", nameof(JudgingBenchmarks.NewestMinuteOfLatency), Newest);
        Row(output, summary, "reference restored from the store", nameof(JudgingBenchmarks.RestoredFromTheStore), NothingCached);
        Row(output, summary, "nothing cached", nameof(JudgingBenchmarks.NothingCached), NothingCached);
        output.WriteLine();
        PrintThousand(output);
        PrintMemory(output);
        output.WriteLine();
    }

    // In this process: nothing is generated, built or started, so it runs wherever this program does.
    private static ManualConfig Config() => ManualConfig.CreateEmpty()
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithClock(new CpuClock()).WithWarmupCount(3).WithIterationCount(10))
        .AddLogger(NullLogger.Instance)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .WithOptions(ConfigOptions.DisableOptimizationsValidator)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "upgradewatch-benchmarks"));

    private static void Row(TextWriter output, Summary summary, string what, string method, double budget)
    {
        var report = summary.Reports.Single(candidate => candidate.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        if (report.ResultStatistics is not { } statistics)
            throw new InvalidOperationException($"{method} was not measured: {string.Join(' ', summary.ValidationErrors.Select(error => error.Message))}");

        var mean = statistics.Mean / 1000;
        var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-35} {mean,6:0.0} us {statistics.StandardDeviation / 1000,5:0.0} {bytes,8} B {budget,5:0} us {mean / budget,6:0.00}"));
    }

    private static void PrintThousand(TextWriter output)
    {
        // As an upgrade has them: of ten SLIs one is errors, one latency, and eight are series.
        const int Rounds = 40;
        var slis = Enumerable.Range(0, 10).Select(i => new Sli(i switch { 0 => Measure.Ratio, 1 => Measure.Buckets, _ => Measure.Gauge }, i)).ToArray();
        var references = slis.Select((sli, i) => i < 2 ? null : sli.Calibrate()).ToArray();
        var judges = Enumerable.Range(0, JudgingBenchmarks.Slis).Select(i => slis[i % 10].Judge(references[i % 10])).ToArray();
        var steps = Enumerable.Range(0, Rounds).Select(minute => slis.Select(sli => sli.Step(Sli.UpgradedAt + minute)).ToArray()).ToArray();
        var moment = new Moment(DateTimeOffset.UnixEpoch.AddMinutes(Sli.UpgradedAt), Stage.Watching);
        var rounds = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < judges.Length; i++)
            {
                judges[i].Add(steps[round][i % 10]);
                judges[i].Evaluate(moment);
            }

            rounds[round] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }

        // The first rounds are compiled while they run.
        var median = rounds.Skip(Rounds / 2).Order().ElementAt(Rounds / 4);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"1,000 SLIs, only the newest minute new: {median:0.0} ms of CPU, {median / ThousandSlisMilliseconds:0.00} of {ThousandSlisMilliseconds:0} ms"));
    }

    private static void PrintMemory(TextWriter output)
    {
        var series = new Sli(Measure.Gauge, seed: 3);
        Row("one series: reference and judge", Kept(() => series.Judge(Joined(series.Calibrate()))));
        var errors = new Sli(Measure.Ratio, seed: 3);
        Row("one error ratio: its events and judge", Kept(() => errors.JudgeWithEvents()));

        void Row(string what, double bytes) => output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"kept alive for {what}: {bytes / 1e3:0.0} KB, {bytes / BytesOfSli:0.00} of {BytesOfSli / 1e3:0} KB"));
    }

    // As members of a family, as those of an upgrade are.
    private static SeriesReference Joined(SeriesReference reference) => SeriesFamily.Join([reference, reference])[0];

    private static double Kept(Func<object> make)
    {
        var kept = new object[JudgingBenchmarks.Slis];
        make();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < kept.Length; i++)
            kept[i] = make();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(kept);
        return (double)bytes / kept.Length;
    }
}
