namespace UpgradeWatch.Analysis.Histories;

/// <summary>How far every placebo strayed, for each window and band of time, to be measured by several yardsticks.</summary>
internal sealed class StrayTable
{
    private readonly double[][,] _plain;
    private readonly double[][,] _weighted;
    private readonly int _bands;

    public StrayTable(double[][] residuals, int[] bands, ReferenceOptions options)
    {
        _bands = bands.Length;
        _plain = new double[residuals.Length][,];
        _weighted = new double[residuals.Length][,];
        var path = new RunningSums(bands[^1]);
        for (var p = 0; p < residuals.Length; p++)
        {
            path.Clear();
            for (var k = 0; k < residuals[p].Length; k++)
                path.Add(k < options.WarmupMinutes ? double.NaN : residuals[p][k]);
            _plain[p] = new double[WindowScan.Windows.Length, _bands];
            _weighted[p] = new double[WindowScan.Windows.Length, _bands];
            WindowScan.Furthest(path, options.Direction, bands, _plain[p], _weighted[p]);
        }
    }

    /// <summary>Measures all of them.</summary>
    /// <param name="scales">For each placebo, then for the upgrade, what strays are divided by.</param>
    /// <param name="least">In the SLI's unit: less than this is usual for every series.</param>
    /// <param name="share">The share of placebos that stay within what is usual.</param>
    /// <param name="scratch">Memory to be reused.</param>
    public Yardstick Measure(double[] scales, double least, double share, Scratch scratch)
    {
        var windows = WindowScan.Windows.Length;
        var usual = new double[windows][];
        for (var w = 0; w < windows; w++)
        {
            usual[w] = new double[_bands];
            var before = least / scales[^1];
            for (var b = 0; b < _bands; b++)
            {
                scratch.Clear();
                for (var p = 0; p < _plain.Length; p++)
                    scratch.Add(_plain[p][w, b] / scales[p]);

                // What is usual soon after a moment is usual later.
                usual[w][b] = before = Math.Max(before, scratch.Quantile(share));
            }
        }

        var strays = new double[_weighted.Length];
        for (var p = 0; p < strays.Length; p++)
        {
            for (var w = 0; w < windows; w++)
            {
                for (var b = 0; b < _bands; b++)
                    strays[p] = Math.Max(strays[p], _weighted[p][w, b] / (scales[p] * usual[w][b]));
            }
        }

        return new Yardstick { Scale = scales[^1], Usual = usual, Strays = strays };
    }
}
