namespace UpgradeWatch.Connectors.Http;

/// <summary>
/// How an outside system is reached (<c>prometheus</c>, <c>grafana</c>). Secrets are files only, re-read when they
/// change. A token and a user name exclude each other; certificate and key come together.
/// </summary>
public sealed record EndpointOptions
{
    /// <summary>Base address, http or https, without user name, query or fragment; may have a path.</summary>
    public required Uri Url { get; init; }

    /// <summary>File with a bearer token; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>User name of basic authentication; null for none.</summary>
    public string? Username { get; init; }

    /// <summary>File with the password of <see cref="Username"/>; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Headers sent with every request, for instance <c>X-Scope-OrgID</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>PEM file with the certificates that are trusted in place of the system's; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with the client certificate of mutual TLS; null for none.</summary>
    public string? CertFile { get; init; }

    /// <summary>PEM file with the key of <see cref="CertFile"/>; null for none.</summary>
    public string? KeyFile { get; init; }
}
