using UpgradeWatch.Configuration;

namespace UpgradeWatch.Security;

/// <summary>What finds out who may do what.</summary>
internal static class AccessServices
{
    /// <summary>Registers it.</summary>
    public static void AddAccess(this IServiceCollection services, AuthOptions auth)
    {
        services.AddSingleton(auth);
        services.AddSingleton<Sessions>();
        services.AddSingleton<Gatekeeper>();
        if (auth.TokenFile is { } file)
        {
            services.AddSingleton(provider => new TokenFile(
                file, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TokenFile>>()));
        }

        if (auth is { CertFile: { } certFile, KeyFile: { } keyFile })
        {
            services.AddSingleton(provider => new ServerCertificate(
                certFile, keyFile, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerCertificate>>()));
        }
    }
}
