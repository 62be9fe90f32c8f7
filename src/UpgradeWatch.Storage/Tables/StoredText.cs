namespace UpgradeWatch.Storage.Tables;

/// <summary>
/// Text as both databases take it: PostgreSQL knows no NUL character, so it is written as one that Unicode keeps free
/// for a program's own use, and a digit.
/// </summary>
internal static class StoredText
{
    private const char Mark = '\uFFFF';
    private const string MarkedNul = "\uFFFF0";
    private const string MarkedMark = "\uFFFF1";

    public static string Encode(string text) => text.AsSpan().ContainsAny('\0', Mark)
        ? text.Replace($"{Mark}", MarkedMark, StringComparison.Ordinal).Replace("\0", MarkedNul, StringComparison.Ordinal)
        : text;

    public static string Decode(string text) => text.Contains(Mark)
        ? text.Replace(MarkedNul, "\0", StringComparison.Ordinal).Replace(MarkedMark, $"{Mark}", StringComparison.Ordinal)
        : text;
}
