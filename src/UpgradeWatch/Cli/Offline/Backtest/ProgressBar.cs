using System.Globalization;
using UpgradeWatch.Cli.Output;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>How far it is, on a terminal: done, rate, time left. Elsewhere nothing. Safe for concurrent use.</summary>
internal sealed class ProgressBar(CliContext context, int total)
{
    private const int Width = 24;
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly LiveLine _line = new(context);
    private readonly long _start = context.Time.GetTimestamp();
    private TimeSpan _shownAt;
    private int _done;

    /// <summary>One more is done.</summary>
    public void Advance()
    {
        if (context.TerminalWidth is null) return;
        lock (_gate)
        {
            _done++;
            var elapsed = context.Time.GetElapsedTime(_start);
            if (_done < total && _done > 1 && elapsed - _shownAt < LeastBetween) return;
            _shownAt = elapsed;
            _line.Show(Text(elapsed), changed: true);
        }
    }

    /// <summary>Leaves the line.</summary>
    public void End() => _line.End();

    private string Text(TimeSpan elapsed)
    {
        var filled = Width * _done / total;
        var bar = new string('#', filled).PadRight(Width, '.');
        var rate = _done / Math.Max(elapsed.TotalSeconds, 1e-3);
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {_done}/{total}  {rate:0.#}/s  {Shown.Duration(TimeSpan.FromSeconds((total - _done) / rate))} left");
    }
}
