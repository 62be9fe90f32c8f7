using Perfolizer.Horology;

namespace UpgradeWatch.Benchmarks.Cost;

/// <summary>Counts the processor time of this process, so that what else the machine does is left out.</summary>
internal sealed class CpuClock : IClock
{
    public string Title => "processor time";

    public bool IsAvailable => true;

    public Frequency Frequency => new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
