using UpgradeWatch.Analysis.Findings;

namespace UpgradeWatch.Analysis.Histories;

/// <summary>
/// Follows a series after the upgrade minute by minute. The largest stray so far is compared with the largest that the
/// placebos had in all of the time, so one may look after every minute.
/// </summary>
internal sealed class SeriesTest(SeriesReference reference, Direction direction)
{
    /// <summary>What is said of now is said of the middle one of so many minutes: a single wild one does not count.</summary>
    private const int NewestMinutes = 3;

    /// <summary>The window that is most like the middle of three minutes, in <see cref="WindowScan.Windows"/>.</summary>
    private const int TwoMinutes = 1;

    private readonly RunningSums _residuals = new(reference.State.Expected.Length);
    private readonly RunningSums _values = new(reference.State.Expected.Length);
    private readonly RunningSums _expected = new(reference.State.Expected.Length);
    private readonly Queue<double> _newest = new(NewestMinutes + 1);
    private readonly double[] _largest = new double[reference.State.Yardsticks.Count];
    private long _next;

    /// <summary>The chance of a series going as far as this one did, any SLI of the upgrade considered; 1 before the first minute.</summary>
    public double Chance { get; private set; } = 1;

    /// <summary>The same for this SLI alone.</summary>
    public double OwnChance { get; private set; } = 1;

    /// <summary>The chance of what ends in the newest minute alone, any SLI of the upgrade considered.</summary>
    public double ChanceNow { get; private set; } = 1;

    /// <summary>The furthest stray so far; null while there is none.</summary>
    public Stray? Furthest { get; private set; }

    /// <summary>The furthest stray that ends in the newest minute; null while there is none.</summary>
    public Stray? Now { get; private set; }

    /// <summary>Where the series is now and where it should be; null before the third minute with a value.</summary>
    public (double Seen, double Expected)? Position { get; private set; }

    /// <summary>Whether <see cref="Position"/> is where nine of ten placebos stay.</summary>
    public bool IsInside { get; private set; } = true;

    /// <summary>
    /// Takes the value of a minute; minutes left out since the last one are gaps. Beyond the horizon nothing is called
    /// a stray any more, but whether the series is back where it was last expected is still followed.
    /// </summary>
    public void Add(long minute, double value)
    {
        var k = minute - reference.State.UpgradedAt;
        if (k < _next || double.IsNaN(value))
            return;

        // As exact as the history is, or what stays the same would differ from it.
        value = (float)Math.Clamp(value, float.MinValue, float.MaxValue);
        if (k - _next >= NewestMinutes)
            _newest.Clear();
        var horizon = reference.State.Expected.Length;
        Follow((int)Math.Min(k, horizon - 1), value);
        if (k < horizon)
        {
            while (_residuals.Length < k)
                Append(double.NaN);
            Append(value);
            Scan((int)k);
        }
        else
        {
            (Now, ChanceNow) = (null, 1);
        }

        _next = k + 1;
    }

    private void Append(double value)
    {
        var expected = reference.State.Expected[_residuals.Length];
        _residuals.Add(value - expected);
        _values.Add(value);
        _expected.Add(double.IsNaN(value) ? double.NaN : expected);
    }

    private void Follow(int k, double value)
    {
        var expected = reference.State.Expected[k];
        if (double.IsNaN(expected))
            return;

        _newest.Enqueue(value - expected);
        if (_newest.Count > NewestMinutes)
            _newest.Dequeue();
        if (_newest.Count < NewestMinutes)
            return;

        var residual = _newest.Order().ElementAt(NewestMinutes / 2);
        var yardstick = reference.State.Yardsticks[ReferenceBuilder.Mixed];
        Position = (expected + residual, expected);
        IsInside = WindowScan.Bad(residual, direction) <= yardstick.Scale * yardstick.Usual[TwoMinutes][reference.BandOf(k)];
    }

    /// <summary>
    /// The chance of what ends in the newest minute and began no earlier than another one, any SLI of the upgrade
    /// considered; 1 where nothing is scanned any more.
    /// </summary>
    public double ChanceSince(long minute)
    {
        if (Now is null)
            return 1;

        Span<double> strays = stackalloc double[_largest.Length];
        Measure(_residuals.Length - 1, reference.State.UpgradedAt + _residuals.Length - minute, strays);
        return reference.FamilyChance(reference.Chance(strays));
    }

    private void Scan(int k)
    {
        Span<double> now = stackalloc double[_largest.Length];
        var furthest = Measure(k, k + 1, now);
        ChanceNow = reference.FamilyChance(reference.Chance(now));
        Now = furthest < 0 ? null : StrayOf(k, WindowScan.Windows[furthest], now[ReferenceBuilder.Mixed]);
        if (now[ReferenceBuilder.Mixed] > _largest[ReferenceBuilder.Mixed])
            Furthest = Now;
        for (var y = 0; y < now.Length; y++)
            _largest[y] = Math.Max(_largest[y], now[y]);
        OwnChance = reference.Chance(_largest);
        Chance = reference.FamilyChance(OwnChance);
    }

    /// <summary>The strays that end in a minute, over windows up to a length, by each yardstick; and the window of the furthest, -1 for none.</summary>
    private int Measure(int k, long longest, Span<double> strays)
    {
        var band = reference.BandOf(k);
        var weight = WindowScan.Weight(k);
        strays.Clear();
        var furthest = -1;
        for (var w = 0; w < WindowScan.Windows.Length && WindowScan.Windows[w] <= longest; w++)
        {
            var bad = weight * WindowScan.Bad(_residuals.Mean(k + 1 - WindowScan.Windows[w], k + 1), direction);
            for (var y = 0; y < strays.Length; y++)
            {
                var yardstick = reference.State.Yardsticks[y];
                var stray = bad / (yardstick.Scale * yardstick.Usual[w][band]);
                if (stray > strays[y])
                {
                    strays[y] = stray;
                    furthest = y == ReferenceBuilder.Mixed ? w : furthest;
                }
            }
        }

        return furthest;
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
