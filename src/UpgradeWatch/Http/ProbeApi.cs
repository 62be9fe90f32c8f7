using Microsoft.AspNetCore.Http.HttpResults;
using UpgradeWatch.Security;
using UpgradeWatch.Telemetry;

namespace UpgradeWatch.Http;

/// <summary>
/// Metrics and probes, on a listener of their own. The probes are about the process alone: an UpgradeWatch beside its
/// target that reported unready for a dependency's sake would take the target out of service.
/// </summary>
internal static class ProbeApi
{
    private static readonly string[] Probes = ["/livez", "/readyz", "/startupz", "/healthz"];

    /// <summary>Whether a path belongs here.</summary>
    public static bool Owns(PathString path)
    {
        var trimmed = path.Value?.TrimEnd('/') ?? "";
        return trimmed.Equals("/metrics", StringComparison.OrdinalIgnoreCase) || Probes.Contains(trimmed, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Maps the routes.</summary>
    public static void MapProbes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics", MetricsAsync).WithName("metrics").WithTags("Metrics and probes")
            .WithSummary("Prometheus exposition.").Produces<string>(StatusCodes.Status200OK, "text/plain").IsOpen();
        foreach (var probe in Probes)
        {
            routes.MapGet(probe, (IHostApplicationLifetime life) => Answer(life)).WithName(probe[1..]).WithTags("Metrics and probes")
                .WithSummary("200 while the process can answer, whatever its dependencies do; 503 while it stops.")
                .Produces<string>(StatusCodes.Status200OK, "text/plain")
                .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain")
                .IsOpen();
        }
    }

    // Whoever reaches this has a process that has started: it listens only once the store is open and loaded.
    private static ContentHttpResult Answer(IHostApplicationLifetime life) => life.ApplicationStopping.IsCancellationRequested
        ? TypedResults.Text("stopping", "text/plain", statusCode: StatusCodes.Status503ServiceUnavailable)
        : TypedResults.Text("ok", "text/plain");

    internal static Task MetricsAsync(HttpContext context, MetricsRegistry metrics) => metrics.AnswerAsync(context);
}
