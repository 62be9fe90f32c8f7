namespace UpgradeWatch.TestKit.Fuzzing;

/// <summary>A text did harm.</summary>
/// <param name="problem">What it did.</param>
/// <param name="text">The text.</param>
/// <param name="inner">What was thrown; null when it was too slow.</param>
public sealed class FuzzException(string problem, byte[] text, Exception? inner)
    : Exception($"{problem}. Keep it in the corpus (echo … | base64 -d): {Convert.ToBase64String(text)}", inner);
