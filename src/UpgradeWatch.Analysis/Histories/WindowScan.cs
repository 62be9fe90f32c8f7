using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// Looks for the stretch in which a series is furthest from what was expected: means over windows of several lengths.
/// An upgrade that breaks something mostly shows it soon, so what comes later must be larger.
/// </summary>
internal static class WindowScan
{
    /// <summary>Lengths of the windows in minutes.</summary>
    public static readonly int[] Windows = [1, 2, 5, 15, 60];

    private static readonly int[] Bands = [15, 30, 60, 120, 240, 480, 960];

    /// <summary>Minutes after which a stray must be twice as large.</summary>
    private const double Patience = 30;

    /// <summary>The ends of the bands of time after a moment, each with its own measure of what is usual.</summary>
    public static int[] BandsOf(int horizon) => [.. Bands.Where(end => end < horizon), horizon];

    /// <summary>By how much a stray so many minutes after the moment counts less.</summary>
    public static double Weight(int minute) => 1 / (1 + minute / Patience);

    /// <summary>The part of a mean that points the bad way.</summary>
    public static double Bad(double mean, Direction direction) => direction switch
    {
        _ when double.IsNaN(mean) => 0,
        Direction.Up => Math.Max(0, mean),
        Direction.Down => Math.Max(0, -mean),
        _ => Math.Abs(mean),
    };

    /// <summary>The furthest strays of one path, for each window and band: plain, and weighted by how soon they came.</summary>
    public static void Furthest(RunningSums path, Direction direction, int[] bands, double[,] plain, double[,] weighted)
    {
        for (var w = 0; w < Windows.Length; w++)
        {
            var from = 0;
            for (var b = 0; b < bands.Length; b++)
            {
                double largest = 0, heaviest = 0;
                for (var k = Math.Max(from, Windows[w] - 1); k < bands[b]; k++)
                {
                    var bad = Bad(path.Mean(k + 1 - Windows[w], k + 1), direction);
                    largest = Math.Max(largest, bad);
                    heaviest = Math.Max(heaviest, bad * Weight(k));
                }

                plain[w, b] = largest;
                weighted[w, b] = heaviest;
                from = bands[b];
            }
        }
    }
}
