using System.Net.Http.Headers;
using System.Text;

namespace UpgradeWatch.Connectors.Http;

/// <summary>Puts the endpoint's headers and credentials on each try of a request.</summary>
internal sealed class CredentialHandler(EndpointOptions options) : DelegatingHandler
{
    private static readonly ProductInfoHeaderValue Product =
        new("upgradewatch", typeof(CredentialHandler).Assembly.GetName().Version?.ToString(3));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.UserAgent.Count == 0)
        {
            request.Headers.UserAgent.Add(Product);
        }

        foreach (var (name, value) in options.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (await AuthorizationAsync(cancellationToken) is { } authorization)
        {
            request.Headers.Authorization = authorization;
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private async ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellationToken)
    {
        if (options.TokenFile is { } tokenFile)
        {
            return new("Bearer", await CredentialFile.ReadSecretAsync("tokenFile", tokenFile, cancellationToken));
        }

        if (options.Username is null || options.PasswordFile is not { } passwordFile)
        {
            return null;
        }

        var password = await CredentialFile.ReadSecretAsync("passwordFile", passwordFile, cancellationToken);
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{password}")));
    }
}
