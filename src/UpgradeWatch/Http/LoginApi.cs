using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Exchanging a token for a cookie, for the page: a script cannot read it, and another site cannot send it along.</summary>
internal static class LoginApi
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Maps the routes.</summary>
    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/login", LogInAsync).WithName("logIn").WithTags("Page")
            .Accepts<LoginRequest>(Json, Form)
            .Produces(StatusCodes.Status204NoContent)
            .Produces(StatusCodes.Status303SeeOther)
            .ProducesProblems(400, 401, 403, 404, 413, 415, 429)
            .IsOpen();
        routes.MapPost("/logout", LogOut).WithName("logOut").WithTags("Page")
            .Produces(StatusCodes.Status204NoContent)
            .Produces(StatusCodes.Status303SeeOther)
            .ProducesProblems(400, 413, 415)
            .Needs(Role.Read, TargetCheck.None, takesForms: true);
    }

    /// <summary>Gives a cookie for a token, for 8 hours: a form is sent on to the page (303), JSON is answered 204.</summary>
    internal static async Task<IResult> LogInAsync(HttpContext context, Gatekeeper keeper)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        if (!keeper.AsksForTokens) return Problems.Of(StatusCodes.Status404NotFound, "no token is asked for here, so there is nothing to log in to").Answer();
        var (token, problem) = await ReadAsync(context);
        if (token is null) return problem!.Answer();
        (var cookie, problem) = keeper.LogIn(context, token);
        if (cookie is null) return problem!.Answer();
        context.Response.Cookies.Append(Sessions.Cookie, cookie, Options(context, Sessions.Lifetime));
        return Done(context);
    }

    /// <summary>Ends the session of the cookie.</summary>
    internal static IResult LogOut(HttpContext context, Sessions sessions)
    {
        if (Query.Check(context.Request) is { } unknown) return unknown.Answer();
        if (Visitor.Of(context).Session is { } session) sessions.Close(session);
        context.Response.Cookies.Delete(Sessions.Cookie, Options(context, null));
        return Done(context);
    }

    private static async Task<(string? Token, Problem? Problem)> ReadAsync(HttpContext context)
    {
        if (ContentGuard.IsForm(context.Request))
        {
            var (form, mistake) = await ContentGuard.ReadFormAsync(context);
            return (form?["token"].ToString().Trim(), mistake);
        }

        if (!RequestBody.IsJson(context.Request)) return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, RequestBody.NotJsonType(context.Request)));
        var (bytes, problem) = await BoundedBody.ReadAsync(context);
        if (bytes is null) return (null, problem);
        context.Request.Body = new MemoryStream(bytes);
        (var body, problem) = await RequestBody.ReadAsync(context, ApiJson.Default.LoginRequest);
        return (body?.Token, problem);
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };

    private static IResult Done(HttpContext context)
    {
        if (!ContentGuard.IsForm(context.Request)) return TypedResults.NoContent();
        context.Response.Headers.Location = "/";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
