namespace UpgradeWatch.AotSmoke;

/// <summary>The one assertion that this program needs.</summary>
internal static class Expect
{
    public static void True(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"Not so: {what}");
        }
    }
}
