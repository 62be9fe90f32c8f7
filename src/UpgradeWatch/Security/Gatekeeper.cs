using UpgradeWatch.Configuration;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Security;

/// <summary>Finds out who asks, and how often. Without a token file everybody is let in, with every right.</summary>
internal sealed partial class Gatekeeper(AuthOptions auth, TimeProvider time, Sessions sessions, ILogger<Gatekeeper> logger, TokenFile? tokens = null)
{
    private const string WrongToken = "the token is not one that counts; it may have been taken back";

    private readonly RateLimit _requests = new(auth.RequestsPerMinute, time);
    private readonly RateLimit _refusals = new(auth.RefusalsPerMinute, time);

    /// <summary>Whether tokens are asked for.</summary>
    public bool AsksForTokens => tokens is not null;

    /// <summary>Who asks, or why nobody is let in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tokenInBody">A token that came in the body; null for none. The header goes before it.</param>
    public (Visitor? Visitor, Problem? Problem) Admit(HttpContext context, string? tokenInBody)
    {
        if (tokens is null) return (Visitor.Anybody, null);
        var given = Bearer(context.Request) ?? tokenInBody;
        if (given is not null) return tokens.Find(given) is { } entry ? Admit(entry, null) : (null, Refuse(context, WrongToken));
        if (context.Request.Cookies[Sessions.Cookie] is not { } cookie)
            return (null, Refuse(context, "no token is given; send the header Authorization: Bearer TOKEN"));
        return sessions.Find(cookie) is { } session && tokens.Find(session.TokenHash) is { } held
            ? Admit(held, session)
            : (null, Refuse(context, "the session has ended; log in again"));
    }

    /// <summary>The value of a cookie for a token, or why there is none.</summary>
    public (string? Cookie, Problem? Problem) LogIn(HttpContext context, string token)
    {
        if (tokens?.Find(token) is not { } entry) return (null, Refuse(context, WrongToken));
        var (visitor, problem) = Admit(entry, null);
        if (visitor is null) return (null, problem);
        Log.LoggedIn(logger, ClientAddress.Of(context.Connection.RemoteIpAddress), entry.Name);
        return (sessions.Open(entry), null);
    }

    /// <summary>The refusal of a request without a good token: 401, and 429 when its address sends too many of them.</summary>
    /// <remarks>A good token is let in whatever else its address sends: else one neighbour behind a proxy could lock out all the others, and guessing 256 bits is hopeless at any rate.</remarks>
    public Problem Refuse(HttpContext context, string why)
    {
        var address = ClientAddress.Of(context.Connection.RemoteIpAddress);
        if (_refusals.Take(address) is { } wait) return TooMany(wait, $"more than {auth.RefusalsPerMinute} requests a minute without a good token came from this address");
        Log.Refused(logger, StatusCodes.Status401Unauthorized, address, "nobody", context.Request.Method, Shown.Short(context.Request.Path), why);
        return Problems.Of(StatusCodes.Status401Unauthorized, why);
    }

    /// <summary>Tells that somebody who is known wanted more than the token allows.</summary>
    public void NoteForbidden(HttpContext context, Visitor visitor) => Log.Refused(
        logger, StatusCodes.Status403Forbidden, ClientAddress.Of(context.Connection.RemoteIpAddress), visitor.Name ?? "anybody", context.Request.Method, Shown.Short(context.Request.Path),
        $"role {visitor.Role.ToText()}, {(visitor.Targets.Count == 0 ? "for all targets" : $"limited to {string.Join(", ", visitor.Targets)}")}");

    private (Visitor?, Problem?) Admit(TokenEntry entry, Session? session)
    {
        var wait = _requests.Take(Convert.ToHexString(entry.Hash));
        return wait is { } time
            ? (null, TooMany(time, $"token '{entry.Name}' has made more than {auth.RequestsPerMinute} requests a minute"))
            : (new Visitor(entry.Name, entry.Role, entry.Targets, IsWelcome) { Session = session }, null);

        bool IsWelcome() => tokens!.Holds(entry) && (session is null || sessions.Holds(session));
    }

    private static Problem TooMany(TimeSpan wait, string why)
    {
        var seconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return Problems.Of(StatusCodes.Status429TooManyRequests, $"{why}; ask again in {seconds} s") with { RetryAfterSeconds = seconds };
    }

    // Null for no header; what is no bearer token is a wrong one.
    private static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization;
        if (header.Count == 0) return null;
        var text = header.Count == 1 ? header[0]! : "";
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : "";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "refused status={Status} address={Address} by={By} method={Method} path={Path} reason=\"{Reason}\"")]
        public static partial void Refused(ILogger logger, int status, string address, string by, string method, string path, string reason);

        [LoggerMessage(2, LogLevel.Information, "logged in address={Address} by={By}")]
        public static partial void LoggedIn(ILogger logger, string address, string by);
    }
}
