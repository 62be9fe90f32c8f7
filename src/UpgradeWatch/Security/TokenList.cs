namespace UpgradeWatch.Security;

/// <summary>What a token file held when it was read.</summary>
/// <param name="Entries">Its tokens.</param>
/// <param name="Mistakes">What is wrong with it, each a sentence that begins with its place; empty for nothing.</param>
internal sealed record TokenList(IReadOnlyList<TokenEntry> Entries, IReadOnlyList<string> Mistakes)
{
    private const int LargestFile = 1 << 20;
    private const int MostTokens = 1000;

    /// <summary>Reads a file. One that cannot be read holds no token; a line with a mistake counts for nothing.</summary>
    public static TokenList Read(string path)
    {
        try
        {
            return new FileInfo(path).Length > LargestFile
                ? new TokenList([], [$"{path} is larger than 1 MiB"])
                : Parse(path, File.ReadAllLines(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new TokenList([], [$"{path} cannot be read: {exception.Message}"]);
        }
    }

    /// <summary>Whether every user of the machine may write a file.</summary>
    public static bool CanBeWrittenByAnybody(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return false;
        // Of what is opened: a mounted secret is a link, and a link says that everything is allowed.
        using var opened = File.OpenHandle(path);
        return File.GetUnixFileMode(opened).HasFlag(UnixFileMode.OtherWrite);
    }

    /// <summary>Whether two hold the same.</summary>
    public bool Equals(TokenList? other) =>
        other is not null && Mistakes.SequenceEqual(other.Mistakes)
        && Entries.Select(entry => entry.ToString()).SequenceEqual(other.Entries.Select(entry => entry.ToString()));

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Entries.Count, Mistakes.Count);

    private static TokenList Parse(string path, string[] lines)
    {
        List<TokenEntry> entries = [];
        List<string> mistakes = [];
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]) || lines[i].StartsWith('#')) continue;
            if (!TokenEntry.TryParse(lines[i], out var entry, out var mistake)) mistakes.Add($"{path}:{i + 1} {mistake}");
            else if (entries.Count == MostTokens) mistakes.Add($"{path}:{i + 1} is beyond the {MostTokens} tokens that are taken");
            else entries.Add(entry!);
        }

        return new TokenList(entries, mistakes);
    }
}
