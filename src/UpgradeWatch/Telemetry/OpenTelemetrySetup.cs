using System.Collections;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Telemetry;

/// <summary>Traces, logs and the runtime's meters by OTLP, when OTEL_EXPORTER_OTLP_ENDPOINT says where to.</summary>
internal static class OpenTelemetrySetup
{
    /// <summary>Environment variable that switches it on; the other OTEL_ variables are read by the SDK.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Prefix = "OTEL_";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>
    /// Its variables among some, or among those of the process. No others get into the host's own configuration: there
    /// URLS and PREFERHOSTINGURLS would open other addresses than those that were checked.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables(IEnumerable<KeyValuePair<string, string?>>? some) =>
        (some ?? Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(one => KeyValuePair.Create((string)one.Key, (string?)one.Value)))
            .Where(one => one.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Registers it, unless there is nowhere to send to.</summary>
    public static void AddTelemetryExport(this WebApplicationBuilder builder, InstanceOptions instance)
    {
        if (string.IsNullOrEmpty(builder.Configuration[EndpointVariable])) return;
        // What hosted receivers take and the specification proposes; the SDK's own default is gRPC.
        builder.Configuration[ProtocolVariable] ??= "http/protobuf";
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, instance))
            .WithTracing(traces => traces
                .AddSource(Tracing.Name)
                .AddAspNetCoreInstrumentation(o => o.Filter = context => !Listeners.IsMetrics(context))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddOtlpExporter())
            .WithLogging(logs => logs.AddOtlpExporter(), logs => logs.IncludeFormattedMessage = true);
    }

    private static void Describe(ResourceBuilder resource, InstanceOptions instance)
    {
        resource.AddService("upgradewatch", serviceVersion: BuildInfo.Version, serviceInstanceId: InstanceId);
        if (instance.Labels.TryGetValue("environment", out var environment))
            resource.AddAttributes([new("deployment.environment.name", environment)]);
        // Last, so that the operator's own words win.
        resource.AddEnvironmentVariableDetector();
    }

    private static readonly string InstanceId = $"{Environment.MachineName}-{Environment.ProcessId}";
}
