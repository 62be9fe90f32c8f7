using System.Globalization;
using System.Text;

namespace UpgradeWatch.Engine.Ports;

/// <summary>
/// What somebody else wrote, fit to be shown on one line: it goes to terminals, where a control character can clear the
/// screen or write over the line's beginning, and to logs, where a line break begins a record.
/// </summary>
public static class ForeignText
{
    private const char Stray = '\uFFFD';

    /// <summary>Line breaks and tabs as spaces; what else is no visible character, and what turns the writing direction, replaced.</summary>
    public static string Line(string text)
    {
        if (!text.Any(IsStray)) return text;
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t' or '\u0085' or '\u2028' or '\u2029') line.Append(' ');
            else if (rune.IsBmp && IsStray((char)rune.Value)) line.Append(Stray);
            else line.Append(rune.ToString());
        }

        return line.ToString();
    }

    private static bool IsStray(char c) => c is < ' ' or > '~' && CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
