using System.Net;

namespace UpgradeWatch.Connectors.Grafana;

/// <summary>What to do about what Grafana answers.</summary>
internal static class GrafanaHints
{
    /// <summary>For the end of a sentence.</summary>
    public static string Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => " (check the token or the password)",
        HttpStatusCode.Forbidden => " (the token needs the role Editor, or the permissions annotations:read, annotations:create and annotations:write)",
        HttpStatusCode.NotFound => " (check the path of grafana.url)",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => " (a redirect; name the final address in grafana.url)",
        _ => "",
    };
}
