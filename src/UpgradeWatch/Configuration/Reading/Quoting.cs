using System.Text;

namespace UpgradeWatch.Configuration.Reading;

/// <summary>Shows what somebody wrote on one line of a message.</summary>
internal static class Quoting
{
    private const int Longest = 80;

    /// <summary>In quotes, cut to 80 characters, without control characters.</summary>
    public static string Show(string text) => $"\"{Cut(text, Longest)}\"";

    /// <summary>Cut to a length, without control characters.</summary>
    public static string Cut(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter);
        }

        if (text.Length > longest) shown.Append('…');
        return shown.ToString();
    }
}
