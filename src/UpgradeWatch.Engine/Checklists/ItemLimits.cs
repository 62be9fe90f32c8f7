namespace UpgradeWatch.Engine.Checklists;

/// <summary>What an item's fields may hold.</summary>
internal static class ItemLimits
{
    /// <summary>Longest note or reason, in characters.</summary>
    public const int Note = 4000;

    /// <summary>Longest owner, in characters.</summary>
    public const int Owner = 200;

    /// <summary>Longest link, in characters.</summary>
    public const int Link = 2000;

    /// <summary>Links are only shown, never followed, but a browser would run a <c>javascript:</c> one.</summary>
    public static bool IsWebLink(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
