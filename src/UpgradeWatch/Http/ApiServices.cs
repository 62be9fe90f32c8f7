using UpgradeWatch.Http.Contracts;
using UpgradeWatch.Http.Hooks;

namespace UpgradeWatch.Http;

/// <summary>What the API needs.</summary>
internal static class ApiServices
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // The document describes what these options write, so they must be the context's own.
            json.SerializerOptions.TypeInfoResolverChain.Clear();
            json.SerializerOptions.TypeInfoResolverChain.Add(ApiJson.Default);
            json.SerializerOptions.NumberHandling = ApiJson.Default.Options.NumberHandling;
            json.SerializerOptions.PropertyNamingPolicy = ApiJson.Default.Options.PropertyNamingPolicy;
            json.SerializerOptions.RespectNullableAnnotations = true;
            foreach (var converter in ApiJson.Default.Options.Converters) json.SerializerOptions.Converters.Add(converter);
        });
        services.AddRoutingCore();
        services.AddApiDescription();
        services.AddSingleton<Documents>();
        services.AddSingleton<PipelineDocuments>();
        services.AddSingleton<ChangeSignal>();
        services.AddSingleton<WaitingRoom>();
        services.AddSingleton<VerdictReader>();
        services.AddSingleton<StatusReader>();
        return services;
    }
}
