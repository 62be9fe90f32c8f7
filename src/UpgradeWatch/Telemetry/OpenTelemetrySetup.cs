using System.Collections;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Telemetry;

/// <summary>
/// Traces, logs and the runtime's meters by OTLP: all of them where OTEL_EXPORTER_OTLP_ENDPOINT says where to, each alone
/// where OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, _LOGS_ENDPOINT or _METRICS_ENDPOINT does. What has no address is not sent.
/// </summary>
internal static class OpenTelemetrySetup
{
    private const string Prefix = "OTEL_";
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>
    /// Its variables among some, or among those of the process. No others get into the host's own configuration: there
    /// URLS and PREFERHOSTINGURLS would open other addresses than those that were checked.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables(IEnumerable<KeyValuePair<string, string?>>? some) =>
        (some ?? Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(one => KeyValuePair.Create((string)one.Key, (string?)one.Value)))
            .Where(one => one.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Registers what there is somewhere to send to.</summary>
    public static void AddTelemetryExport(this WebApplicationBuilder builder, InstanceOptions instance)
    {
        var (traces, logs, meters) = (SignalEndpoint.Of("TRACES", builder.Configuration), SignalEndpoint.Of("LOGS", builder.Configuration), SignalEndpoint.Of("METRICS", builder.Configuration));
        if (!traces.IsGiven && !logs.IsGiven && !meters.IsGiven) return;
        // What hosted receivers take and the specification proposes; the SDK's own default is gRPC.
        builder.Configuration[ProtocolVariable] ??= "http/protobuf";
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, instance));
        if (traces.IsGiven)
        {
            telemetry.WithTracing(tracing => tracing
                .AddSource(Tracing.Name)
                .AddAspNetCoreInstrumentation(o => o.Filter = context => !Listeners.IsMetrics(context))
                .AddHttpClientInstrumentation()
                .AddOtlpExporter(traces.Apply));
        }

        if (meters.IsGiven)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddOtlpExporter(meters.Apply));
        }

        if (logs.IsGiven) telemetry.WithLogging(logging => logging.AddOtlpExporter(logs.Apply), logging => logging.IncludeFormattedMessage = true);
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

    /// <summary>Where one signal goes.</summary>
    /// <param name="IsGiven">Whether it goes anywhere.</param>
    /// <param name="Own">An address of its own, taken as it is; null for the common one, to which the SDK adds the signal's path.</param>
    private readonly record struct SignalEndpoint(bool IsGiven, Uri? Own)
    {
        public static SignalEndpoint Of(string signal, IConfiguration configuration)
        {
            var own = Uri.TryCreate(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"], UriKind.Absolute, out var address) ? address : null;
            return new(own is not null || !string.IsNullOrEmpty(configuration[EndpointVariable]), own);
        }

        // The SDK itself reads the signals' own addresses only where all signals are set up at once.
        public void Apply(OtlpExporterOptions options)
        {
            if (Own is not null) options.Endpoint = Own;
        }
    }
}
