using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using UpgradeWatch.Http;

namespace UpgradeWatch.Hosting;

/// <summary>
/// Keeps the two listeners apart: metrics and probes are open to whoever scrapes, and must not be a way to the API. A
/// connection carries where it came in; a Host header could lie.
/// </summary>
internal static class Listeners
{
    private static readonly object Mark = new();

    /// <summary>Marks the connections of a listener as those of metrics and probes.</summary>
    public static void MarkMetrics(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Items[Mark] = Mark;
        return next(connection);
    });

    /// <summary>Whether a request came in where metrics and probes are.</summary>
    public static bool IsMetrics(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) == true;

    /// <summary>Answers 404 for what belongs to the other listener.</summary>
    public static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (ProbeApi.Owns(context.Request.Path) == IsMetrics(context)) return next(context);
        var where = IsMetrics(context) ? "here are only metrics and probes" : "metrics and probes have a listener of their own";
        return Problems.WriteAsync(context, Problems.Of(StatusCodes.Status404NotFound, $"there is nothing at '{Shown.Short(context.Request.Path)}': {where}"));
    }
}
