namespace UpgradeWatch.Configuration.Description;

/// <summary>Keys that are known and do nothing yet: said aloud, because a key that is silently ignored is trusted.</summary>
internal static class NotYet
{
    /// <summary>What is said of each.</summary>
    public const string Refusal = "is not supported by this version; leave it out";

    /// <summary>The refusals of some keys.</summary>
    public static Dictionary<string, string> Keys(params string[] keys) => keys.ToDictionary(key => key, _ => Refusal);
}
