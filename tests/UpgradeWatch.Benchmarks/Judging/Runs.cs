namespace UpgradeWatch.Benchmarks.Judging;

/// <summary>How many runs a cell has, from which seed on, and how they are spread over the cores, on which no figure depends.</summary>
internal sealed record Runs(int Count, int FirstSeed)
{
    public string Seeds => $"{Count} runs a cell, seeds {FirstSeed} to {FirstSeed + Count - 1}";

    public static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    public int SeedOf(int run) => FirstSeed + run;
}
