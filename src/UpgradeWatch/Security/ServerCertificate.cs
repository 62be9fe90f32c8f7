using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UpgradeWatch.Security;

/// <summary>
/// The certificate that the API shows, with those that sign it, from PEM files. They are read again at most once a second,
/// when somebody connects; while what stands in them cannot be used, the last good one goes on being shown.
/// </summary>
internal sealed partial class ServerCertificate(string certFile, string keyFile, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _reading = new();
    private SslServerAuthenticationOptions? _current;
    private byte[] _read = [];
    private long? _readAt;

    /// <summary>What a new connection is offered.</summary>
    public SslServerAuthenticationOptions Current()
    {
        lock (_reading)
        {
            if (_current is not null && _readAt is { } last && time.GetElapsedTime(last) < Look) return _current;
            _readAt = time.GetTimestamp();
            try
            {
                Renew(File.ReadAllText(certFile), File.ReadAllText(keyFile));
            }
            catch (Exception exception) when (IsTrouble(exception))
            {
                Log.Unusable(logger, certFile, keyFile, exception.Message);
            }

            return _current ?? throw new CryptographicException("there is no certificate to show");
        }
    }

    /// <summary>What is wrong with the files; null when they can be used.</summary>
    public static string? FindMistake(string certFile, string keyFile)
    {
        try
        {
            Read(File.ReadAllText(certFile), File.ReadAllText(keyFile));
            return null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            return $"auth.certFile {certFile} and auth.keyFile {keyFile} cannot be used together: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }

    private void Renew(string certificate, string key)
    {
        var read = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{certificate}\n{key}"));
        if (read.AsSpan().SequenceEqual(_read)) return;
        _read = read;
        var context = Read(certificate, key);
        _current = new SslServerAuthenticationOptions { ServerCertificateContext = context };
        Log.Shown(logger, context.TargetCertificate.Subject, context.TargetCertificate.NotAfter.ToUniversalTime());
    }

    private static SslStreamCertificateContext Read(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        var own = X509Certificate2.CreateFromPem(certificate, key);
        // The first is our own; the chain is sent as it stands, nothing is fetched for it.
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    private static bool IsTrouble(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "showing the certificate of {Subject}, valid until {Until:O}")]
        public static partial void Shown(ILogger logger, string subject, DateTime until);

        [LoggerMessage(2, LogLevel.Error, "{CertFile} and {KeyFile} cannot be used, the certificate before them goes on being shown: {Reason}")]
        public static partial void Unusable(ILogger logger, string certFile, string keyFile, string reason);
    }
}
