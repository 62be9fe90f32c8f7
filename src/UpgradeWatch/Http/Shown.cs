using System.Text;

namespace UpgradeWatch.Http;

/// <summary>Makes what a client sent fit to be repeated in a sentence.</summary>
internal static class Shown
{
    private const int Longest = 80;

    /// <summary>At most 80 characters, control characters and broken surrogates replaced.</summary>
    public static string Short(string text)
    {
        var cut = text.Length > Longest;
        var shown = new StringBuilder(Longest + 1);
        foreach (var rune in (cut ? text[..Longest] : text).EnumerateRunes())
        {
            if (Rune.IsControl(rune)) shown.Append('\uFFFD');
            else shown.Append(rune.ToString());
        }

        return cut ? shown.Append('…').ToString() : shown.ToString();
    }
}
