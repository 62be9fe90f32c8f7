using UpgradeWatch.Configuration;
using UpgradeWatch.Security;

namespace UpgradeWatch.Hosting;

/// <summary>How a server is started: what the command line says, not the configuration file.</summary>
internal sealed record ServeSettings
{
    /// <summary>Addresses of the API. Port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>Addresses of metrics and probes. Port 0 takes a free one.</summary>
    public IReadOnlyList<string> MetricsUrls { get; init; } = ["http://127.0.0.1:9464"];

    /// <summary>Whether the API may be bound to an address that others reach although it asks for no token. Then every Host is answered, unless the configuration names some.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether it looks by itself; a simulation calls the evaluator on its own.</summary>
    public bool RunWorkers { get; init; } = true;

    /// <summary>Least level that is logged to standard error; None for a host inside another program.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The OTEL_ variables that say where traces, logs and meters go; null: those of the process.</summary>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    /// <summary>What is wrong with it, in one sentence that names the option; null when nothing is.</summary>
    /// <param name="auth">What the configuration says about tokens.</param>
    public string? FindMistake(AuthOptions auth)
    {
        if ((TokenMistake(auth) ?? CertificateMistake(auth)) is { } bad) return bad;
        if (Urls.Count == 0) return "--urls is empty; it must name at least one address such as http://127.0.0.1:8080";
        foreach (var url in Urls)
        {
            if (!ListenAddress.TryParse(url, out var address, out var mistake)) return $"--urls: {mistake}";
            if (address.IsHttps && auth.CertFile is null) return $"--urls: '{url}' asks for https, which needs a certificate; name its files as auth.certFile and auth.keyFile";
            if (!Insecure && auth.TokenFile is null && !address.IsLoopback)
            {
                return $"--urls: '{url}' can be reached by others, and no token is asked for: anybody could begin and move upgrades. "
                    + "Make tokens with upgradewatch token new and name their file as auth.tokenFile, use a loopback address such as http://127.0.0.1:8080, or say --insecure if the network keeps others away.";
            }
        }

        foreach (var url in MetricsUrls)
        {
            if (!ListenAddress.TryParse(url, out var address, out var mistake)) return $"--metrics-urls: {mistake}";
            if (address.IsHttps) return $"--metrics-urls: '{url}' asks for https; metrics and probes speak http";
        }

        return null;
    }

    private string? CertificateMistake(AuthOptions auth)
    {
        if (auth is not { CertFile: { } certFile, KeyFile: { } keyFile }) return null;
        return Urls.Any(url => ListenAddress.TryParse(url, out var address, out _) && address.IsHttps)
            ? ServerCertificate.FindMistake(certFile, keyFile)
            : "auth.certFile has no use, because --urls names no address with https; write https there, or leave it out";
    }

    /// <summary>What is right but should be known; null for nothing.</summary>
    /// <param name="auth">What the configuration says about tokens.</param>
    public string? FindCaution(AuthOptions auth) =>
        auth.TokenFile is not null && Urls.FirstOrDefault(url => ListenAddress.TryParse(url, out var address, out _) && address is { IsLoopback: false, IsHttps: false }) is { } open
            ? $"--urls: at '{open}' tokens cross the network for everybody on the way to read, unless a proxy in front of it speaks https; auth.certFile and auth.keyFile make it speak https itself"
            : null;

    // While it runs a line with a mistake is left out; whoever starts it is there to mend it.
    private static string? TokenMistake(AuthOptions auth)
    {
        if (auth.TokenFile is not { } file) return null;
        var list = TokenList.Read(file);
        if (TokenList.CanBeWrittenByAnybody(file)) return $"auth.tokenFile: {file} can be written by everybody on this machine, who could so make themselves tokens; take that away with: chmod o-w {file}";
        if (list.Mistakes.Count > 0) return $"auth.tokenFile: {list.Mistakes[0]}; a line is what upgradewatch token new prints";
        return list.Entries.Count > 0
            ? null
            : $"auth.tokenFile: {file} holds no token, so nobody could use the API; make one with: upgradewatch token new --role admin --file {file}";
    }
}
