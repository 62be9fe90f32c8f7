using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Who asks for a change.</summary>
internal static class Caller
{
    /// <summary>Header in which a client says who uses it. It is only as trustworthy as the client: where
    /// there is a token its name comes first. Without either: <c>api</c>.</summary>
    public const string Header = "X-UpgradeWatch-By";

    /// <summary>The name to record.</summary>
    public static string NameOf(HttpContext context)
    {
        var said = context.Request.Headers[Header].ToString();
        var isGood = FieldRules.Text(Header, said, FieldRules.Owner) is null;
        if (Visitor.Of(context).Name is not { } name) return isGood ? said : "api";
        return isGood ? $"{name} (for {said})" : name;
    }
}
