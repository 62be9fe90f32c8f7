namespace UpgradeWatch.Configuration;

/// <summary>Who may use the API (<c>auth</c>).</summary>
internal sealed record AuthOptions
{
    /// <summary>File with the hashes of the tokens; null: no token is asked for.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Names without port that the API answers for; null: this machine's own.</summary>
    public IReadOnlyList<string>? AllowedHosts { get; init; }

    /// <summary>PEM file with the certificate of the API and those that sign it; null: it speaks http.</summary>
    public string? CertFile { get; init; }

    /// <summary>PEM file with its key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Requests a minute of each token; 1 to 1,000,000.</summary>
    public int RequestsPerMinute { get; init; } = 3000;

    /// <summary>Requests a minute without a good token from each address; 1 to 10,000.</summary>
    public int RefusalsPerMinute { get; init; } = 30;
}
