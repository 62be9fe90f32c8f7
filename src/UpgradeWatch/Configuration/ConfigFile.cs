namespace UpgradeWatch.Configuration;

/// <summary>Which file is read.</summary>
internal static class ConfigFile
{
    /// <summary>Taken from the working directory when no other is named and it is there.</summary>
    public const string Usual = "upgradewatch.yaml";

    /// <summary>The file to read; null for none: then there is only the environment.</summary>
    public static string? Find(string? named) => named ?? (File.Exists(Usual) ? Usual : null);
}
