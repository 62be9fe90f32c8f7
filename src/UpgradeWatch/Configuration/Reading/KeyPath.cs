namespace UpgradeWatch.Configuration.Reading;

/// <summary>Writes paths such as <c>targets[0].labels.job</c>.</summary>
internal static class KeyPath
{
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string Join(string path, int index) => $"{path}[{index}]";
}
