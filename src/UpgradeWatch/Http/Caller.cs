namespace UpgradeWatch.Http;

/// <summary>Who asks for a change.</summary>
internal static class Caller
{
    /// <summary>Header in which a client says who uses it. It is only as trustworthy as the client; without it: <c>api</c>.</summary>
    public const string Header = "X-UpgradeWatch-By";

    /// <summary>The name to record.</summary>
    public static string NameOf(HttpContext context)
    {
        var said = context.Request.Headers[Header].ToString();
        return FieldRules.Text(Header, said, FieldRules.Owner) is null ? said : "api";
    }
}
