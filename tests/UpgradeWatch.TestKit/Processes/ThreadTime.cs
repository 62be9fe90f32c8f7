using System.Runtime.InteropServices;

namespace UpgradeWatch.TestKit.Processes;

/// <summary>Processor time of the calling thread: what else the machine does is not in it. Linux alone.</summary>
public static partial class ThreadTime
{
    private const int ThreadCpuTime = 3;

    /// <summary>Since the thread began.</summary>
    /// <exception cref="InvalidOperationException">The system has no such clock.</exception>
    public static TimeSpan Used()
    {
        if (ClockGetTime(ThreadCpuTime, out var time) != 0) throw new InvalidOperationException("There is no clock for the time of a thread.");
        return new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
