using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Exceptions;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Connectors.Kubernetes.Api;

/// <summary>Where a cluster is and who asks: read from a kubeconfig or from what Kubernetes gives a pod.</summary>
internal sealed class ClusterAccess : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly KubernetesClientConfiguration _configuration;

    private ClusterAccess(KubernetesClientConfiguration configuration)
    {
        _configuration = configuration;
        Server = new Uri(configuration.Host.EndsWith('/') ? configuration.Host : configuration.Host + "/");
        Client = new HttpClient(Handler(configuration)) { BaseAddress = Server, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Address of the API.</summary>
    public Uri Server { get; }

    /// <summary>Connections to it, without credentials.</summary>
    public HttpClient Client { get; }

    /// <summary>Reads it anew: files may have changed.</summary>
    /// <exception cref="KubernetesException">It cannot be read, or names nothing usable.</exception>
    public static ClusterAccess Load(KubernetesOptions options)
    {
        var place = options.Kubeconfig is { } file ? $"kubernetes.kubeconfig {file}" : "the service account of the pod";
        try
        {
            var configuration = options.Kubeconfig is { } path
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(path, options.Context)
                : KubernetesClientConfiguration.InClusterConfig();
            return Uri.TryCreate(configuration.Host, UriKind.Absolute, out var host) && host.Scheme is "http" or "https"
                ? new ClusterAccess(configuration)
                : throw new KubernetesException($"Kubernetes cannot be asked: {place} names no server with http or https.");
        }
        catch (Exception error) when (error is KubeConfigException or IOException or UnauthorizedAccessException or FormatException or ArgumentException
            or System.Security.Cryptography.CryptographicException or YamlDotNet.Core.YamlException or InvalidOperationException or NullReferenceException)
        {
            throw new KubernetesException($"Kubernetes cannot be asked: {place} cannot be used: {error.Message.TrimEnd('.')}.", inner: error);
        }
    }

    /// <summary>The credentials for the next request; null for none. Tokens are read again as they change.</summary>
    /// <exception cref="KubernetesException">They cannot be had.</exception>
    public async ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_configuration.TokenProvider is { } provider) return await provider.GetAuthenticationHeaderAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or KubeConfigException)
        {
            throw new KubernetesException($"Kubernetes was not asked: the token cannot be read: {error.Message.TrimEnd('.')}.", inner: error);
        }

        if (!string.IsNullOrEmpty(_configuration.AccessToken)) return new AuthenticationHeaderValue("Bearer", _configuration.AccessToken);
        return string.IsNullOrEmpty(_configuration.Username)
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_configuration.Username}:{_configuration.Password}")));
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private static SocketsHttpHandler Handler(KubernetesClientConfiguration configuration)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = System.Net.DecompressionMethods.GZip,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = ConnectTimeout,
        };
        if (ClientCertificate(configuration) is { } certificate) handler.SslOptions.ClientCertificates = [certificate];
        if (!string.IsNullOrEmpty(configuration.TlsServerName)) handler.SslOptions.TargetHost = configuration.TlsServerName;
        if (configuration.SkipTlsVerify)
            throw new KubernetesException("Kubernetes cannot be asked: the kubeconfig has insecure-skip-tls-verify, and credentials are not sent to just anybody; give certificate-authority.");
        if (configuration.SslCaCerts is { Count: > 0 } authorities)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, received, errors) => OwnAuthorities.Trust(() => authorities, presented, received, errors);

        return handler;
    }

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration configuration)
    {
        if (configuration is { ClientCertificateFilePath: { Length: > 0 } certFile, ClientKeyFilePath: { Length: > 0 } keyFile }) return X509Certificate2.CreateFromPemFile(certFile, keyFile);
        return configuration is { ClientCertificateData: { Length: > 0 } cert, ClientCertificateKeyData: { Length: > 0 } key }
            ? X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(cert)), Encoding.UTF8.GetString(Convert.FromBase64String(key)))
            : null;
    }
}
