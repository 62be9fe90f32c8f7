namespace UpgradeWatch.Analysis.Measurements;

/// <summary>Turns the steps of a series into minutes: shorter ones are averaged, longer ones hold for every minute that they cover.</summary>
internal sealed class MinuteMeans(double stepSeconds, Action<long, double> take)
{
    private const double MinuteSeconds = 60;

    /// <summary>Of a minute: what rounding may make of the end of a step.</summary>
    private const double Tiny = 1e-6;

    private long _minute = long.MinValue;
    private double _sum;
    private double _weight;

    /// <summary>The last minute that was handed on; null before the first.</summary>
    public long? Last { get; private set; }

    /// <summary>Takes the value of a step; steps come in ascending order. A minute is handed on when it is over.</summary>
    public void Add(long step, double value)
    {
        var (start, end) = ((step - 1) * stepSeconds / MinuteSeconds, step * stepSeconds / MinuteSeconds);
        for (var minute = (long)Math.Floor(start + Tiny) + 1; minute - 1 < end - Tiny; minute++)
        {
            if (minute != _minute)
                Close();
            _minute = minute;
            var weight = Math.Min(end, minute) - Math.Max(start, minute - 1);
            _sum += weight * value;
            _weight += weight;
            if (end >= minute - Tiny)
                Close();
        }
    }

    private void Close()
    {
        if (_weight > 0)
        {
            Last = _minute;
            take(_minute, _sum / _weight);
        }

        (_sum, _weight) = (0, 0);
    }
}
