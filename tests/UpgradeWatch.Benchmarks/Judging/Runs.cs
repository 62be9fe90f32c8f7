namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>How runs are spread over the cores; the figures do not depend on it.</summary>
internal static class Runs
{
    public static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
}
