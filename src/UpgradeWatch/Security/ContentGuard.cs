using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Security;

/// <summary>
/// What a changing request may look like. A page of another site can make a browser send forms and plain texts, cookies
/// included, but not JSON; so it is JSON, or a form of our own page with what only that page knows.
/// </summary>
internal static class ContentGuard
{
    /// <summary>Field of a form that carries <see cref="Session.FormToken"/>.</summary>
    public const string FormField = "antiforgery";

    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Whether a request carries a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals(Form, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a request is refused; null when it is fine. A form has been read then.</summary>
    public static async Task<Problem?> CheckAsync(HttpContext context, RouteAccess access, Visitor visitor)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsOptions(request.Method) || RequestBody.IsJson(request)) return null;
        if (access.TakesForms && IsForm(request)) return await CheckFormAsync(context, visitor);
        var isEmpty = request.ContentType is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false;
        var isSimple = HttpMethods.IsPost(request.Method);
        return isEmpty && !(isSimple && visitor.Session is not null)
            ? null
            : Problems.Of(StatusCodes.Status415UnsupportedMediaType, RequestBody.NotJsonType(request));
    }

    /// <summary>Reads a form; null and a problem when it is none.</summary>
    public static async Task<(IFormCollection? Form, Problem? Problem)> ReadFormAsync(HttpContext context)
    {
        var (bytes, problem) = await BoundedBody.ReadAsync(context);
        if (bytes is null) return (null, problem);
        try
        {
            using var reader = new FormReader(new MemoryStream(bytes));
            var form = new FormCollection(await reader.ReadFormAsync(context.RequestAborted));
            context.Features.Set<IFormFeature>(new FormFeature(form));
            return (form, null);
        }
        catch (InvalidDataException)
        {
            return (null, Problems.Of(StatusCodes.Status400BadRequest, "the form has too many fields, or too long ones"));
        }
    }

    private static async Task<Problem?> CheckFormAsync(HttpContext context, Visitor visitor)
    {
        var (form, problem) = await ReadFormAsync(context);
        if (form is null) return problem;
        return visitor.Session?.Accepts(form[FormField].ToString()) == true
            ? null
            : Problems.Of(StatusCodes.Status403Forbidden, $"the form's field {FormField} is not that of this session; load the page again");
    }
}
