using System.Globalization;
using System.Runtime.InteropServices;

namespace UpgradeWatch.Hosting;

/// <summary>The parts of the executable that are in memory because it has just started.</summary>
internal static class StartPages
{
    private const int DontNeed = 4;

    /// <summary>
    /// Gives them back. A start goes through nearly all of the executable once, its type data above all, and Linux keeps
    /// that resident as long as nobody else wants the memory. What is needed again is mapped again from the page cache.
    /// Elsewhere than on Linux, or where it cannot be found out what is safe to give back, it does nothing.
    /// </summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            foreach (var (start, length) in Unchanged(File.ReadLines("/proc/self/smaps"))) _ = Advise(start, length, DontNeed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TypeLoadException)
        {
            // No /proc, or no such C library: it saves memory, and nothing depends on it.
        }
    }

    /// <summary>Where files are mapped that nobody can write into, and of which no page differs from the file: by the lines of <c>smaps</c>.</summary>
    internal static IEnumerable<(nint Start, nuint Length)> Unchanged(IEnumerable<string> lines)
    {
        (nint, nuint)? mapping = null;
        foreach (var line in lines)
        {
            if (Mapped(line) is { } header) mapping = header.IsReadOnlyFile ? (header.Start, header.Length) : null;
            else if (mapping is { } candidate && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                // A page that was relocated or patched after it was read exists nowhere else.
                if (line.EndsWith(" 0 kB", StringComparison.Ordinal)) yield return candidate;
                mapping = null;
            }
        }
    }

    // "55d0c8a00000-55d0c9800000 r-xp 00100000 fe:00 1234    /usr/bin/upgradewatch"
    private static (nint Start, nuint Length, bool IsReadOnlyFile)? Mapped(string line)
    {
        var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length < 5 || parts[0].Split('-') is not [var first, var end]) return null;
        if (!ulong.TryParse(first, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var from) || !ulong.TryParse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var to)) return null;
        return ((nint)from, (nuint)(to - from), parts is [_, "r--p" or "r-xp", .., ['/', ..]]);
    }

    [DllImport("libc", EntryPoint = "madvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint start, nuint length, int advice);
}
