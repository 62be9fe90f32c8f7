namespace UpgradeWatch.Engine.Profiles;

/// <summary>ASP.NET Core 8 and later through OpenTelemetry.</summary>
internal static class AspNetCoreProfile
{
    public static readonly Profile Instance = new()
    {
        Name = "aspnetcore",
        Documentation =
        [
            "https://learn.microsoft.com/en-us/dotnet/core/diagnostics/built-in-metrics-aspnetcore",
            .. DotNetGauges.Documentation,
        ],
        Requests = OpenTelemetryHttpProfile.ServerRequests,
        Gauges = DotNetGauges.All,
        ExplainBy = OpenTelemetryHttpProfile.Labels,
        Signs = ["kestrel_", "aspnetcore_", "dotnet_", "process_runtime_dotnet_"],
    };
}
