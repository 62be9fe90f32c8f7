using System.Text;

namespace UpgradeWatch.Configuration.Reading;

/// <summary>Shows what somebody wrote on one line of a message.</summary>
internal static class Quoting
{
    private const int Longest = 80;

    /// <summary>In quotes, cut to 80 characters, without control characters.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter);
        }

        if (text.Length > Longest) shown.Append('…');
        return shown.Append('"').ToString();
    }
}
