using System.Text;

namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>Parts of a body as they are shown in an error: short, and without anything that could disturb a terminal.</summary>
internal static class Shown
{
    private const int Longest = 40;

    /// <summary>The beginning of a text in quotes.</summary>
    public static string Text(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder("'");
        foreach (var character in Encoding.UTF8.GetString(text[..Math.Min(text.Length, Longest)]))
        {
            shown.Append(char.IsControl(character) ? '\uFFFD' : character);
        }

        return shown.Append(text.Length > Longest ? "…'" : "'").ToString();
    }

    /// <summary>What is at a place of a line, or that it ends there.</summary>
    public static string At(ReadOnlySpan<byte> line, int index) =>
        index >= line.Length ? "the end of the line" : Text(line[index..]);
}
