namespace UpgradeWatch.Security;

/// <summary>What a token allows; each role allows what those before it do.</summary>
internal enum Role
{
    /// <summary>Reading everything.</summary>
    Read,

    /// <summary>Beginning, moving, acknowledging, changing the checklist.</summary>
    Operate,

    /// <summary>Overriding: a checklist that is enforced, an item that UpgradeWatch sets itself.</summary>
    Admin,
}

/// <summary>Roles as they are written.</summary>
internal static class RoleNames
{
    /// <summary>All of them, in ascending order.</summary>
    public static readonly IReadOnlyList<string> All = ["read", "operate", "admin"];

    /// <summary>The word of a role.</summary>
    public static string ToText(this Role role) => All[(int)role];

    /// <summary>Reads a word.</summary>
    public static bool TryParse(string? text, out Role role)
    {
        for (var i = 0; i < All.Count; i++)
        {
            role = (Role)i;
            if (All[i] == text) return true;
        }

        role = Role.Read;
        return false;
    }
}
