namespace UpgradeWatch.Configuration.Reading;

/// <summary>One mistake in the configuration.</summary>
/// <param name="At">Where it is.</param>
/// <param name="Path">The key, for instance <c>targets[0].labels.job</c>; empty for the whole.</param>
/// <param name="Message">What is wrong and what would be right, as the rest of a sentence that begins with the key.</param>
internal sealed record ConfigMistake(ConfigLocation At, string Path, string Message)
{
    public override string ToString() => $"{At}: {(Path.Length == 0 ? "the configuration" : Path)} {Message}";
}
