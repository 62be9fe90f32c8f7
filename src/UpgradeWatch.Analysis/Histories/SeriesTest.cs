using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// Follows a series after the upgrade minute by minute. The largest stray so far is compared with the largest that the
/// placebos had in all of the time, so one may look after every minute.
/// </summary>
internal sealed class SeriesTest(SeriesReference reference, Direction direction)
{
    private const int QuarterHour = 15;

    private readonly RunningSums _residuals = new(reference.State.Expected.Length);
    private readonly RunningSums _values = new(reference.State.Expected.Length);
    private readonly RunningSums _expected = new(reference.State.Expected.Length);
    private readonly double[] _largest = new double[reference.State.Yardsticks.Count];

    /// <summary>The chance of a series going as far as this one did, any SLI of the upgrade considered; 1 before the first minute.</summary>
    public double Chance { get; private set; } = 1;

    /// <summary>The same for what ends in the newest minute alone.</summary>
    public double ChanceNow { get; private set; } = 1;

    /// <summary>The furthest stray so far; null while there is none.</summary>
    public Stray? Furthest { get; private set; }

    /// <summary>The furthest stray that ends in the newest minute; null while there is none.</summary>
    public Stray? Now { get; private set; }

    /// <summary>Whether the mean of the last quarter of an hour, or of what there is of it, is where nine of ten placebos stay.</summary>
    public bool IsInside { get; private set; } = true;

    /// <summary>Minutes that it has followed, gaps included.</summary>
    public int Minutes => _residuals.Length;

    /// <summary>Takes the value of a minute; minutes left out since the last one are gaps, those outside the horizon are not looked at.</summary>
    public void Add(long minute, double value)
    {
        var k = minute - reference.State.UpgradedAt;
        if (k < _residuals.Length || k >= reference.State.Expected.Length)
            return;

        while (_residuals.Length < k)
            Append(double.NaN);
        Append(value);
        if (!double.IsNaN(value))
            Scan((int)k);
    }

    private void Append(double value)
    {
        var expected = reference.State.Expected[_residuals.Length];
        _residuals.Add(value - expected);
        _values.Add(value);
        _expected.Add(double.IsNaN(value) ? double.NaN : expected);
    }

    private void Scan(int k)
    {
        var band = reference.BandOf(k);
        var weight = WindowScan.Weight(k);
        Span<double> now = stackalloc double[_largest.Length];
        now.Clear();
        var furthest = -1;
        for (var w = 0; w < WindowScan.Windows.Length && WindowScan.Windows[w] <= k + 1; w++)
        {
            var bad = weight * WindowScan.Bad(_residuals.Mean(k + 1 - WindowScan.Windows[w], k + 1), direction);
            IsInside = WindowScan.Windows[w] > QuarterHour ? IsInside : IsUsual(bad, w, band);
            for (var y = 0; y < now.Length; y++)
            {
                var yardstick = reference.State.Yardsticks[y];
                var stray = bad / (yardstick.Scale * yardstick.Usual[w][band]);
                if (stray > now[y])
                {
                    now[y] = stray;
                    furthest = y == ReferenceBuilder.Mixed ? w : furthest;
                }
            }
        }

        ChanceNow = reference.FamilyChance(reference.Chance(now));
        Now = furthest < 0 ? null : StrayOf(k, WindowScan.Windows[furthest], now[ReferenceBuilder.Mixed]);
        if (now[ReferenceBuilder.Mixed] > _largest[ReferenceBuilder.Mixed])
            Furthest = Now;
        for (var y = 0; y < now.Length; y++)
            _largest[y] = Math.Max(_largest[y], now[y]);
        Chance = reference.FamilyChance(reference.Chance(_largest));
    }

    private bool IsUsual(double bad, int window, int band)
    {
        var yardstick = reference.State.Yardsticks[ReferenceBuilder.Mixed];
        return bad <= yardstick.Scale * yardstick.Usual[window][band];
    }

    private Stray StrayOf(int last, int window, double size)
    {
        var (from, until) = (last + 1 - window, last + 1);
        return new Stray(reference.State.UpgradedAt + from, window, _values.Mean(from, until), _expected.Mean(from, until), size);
    }
}

/// <summary>A window in which a series is away from what is expected.</summary>
/// <param name="FirstMinute">Where it begins.</param>
/// <param name="Minutes">How long it is.</param>
/// <param name="Seen">The mean in it, in the SLI's unit.</param>
/// <param name="Expected">What was expected of it.</param>
/// <param name="Size">How far it is, 1 for what is usual.</param>
internal readonly record struct Stray(long FirstMinute, int Minutes, double Seen, double Expected, double Size);
