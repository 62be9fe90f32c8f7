using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UpgradeWatch.Connectors.Http;

/// <summary>
/// Reads credentials from files. They are small and are read each time they are needed, so that a rotated one counts
/// at once: the time stamp of a mounted Kubernetes secret belongs to a link that never changes.
/// </summary>
internal static class CredentialFile
{
    /// <summary>The content without the white space around it.</summary>
    /// <exception cref="CredentialException">It cannot be read, is empty or has more than one line.</exception>
    public static async ValueTask<string> ReadSecretAsync(string option, string path, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(option, path, exception);
        }

        if (text.Length == 0)
        {
            throw new CredentialException($"{option} {path} is empty: write the secret into it.");
        }

        return text.AsSpan().ContainsAny('\r', '\n')
            ? throw new CredentialException($"{option} {path} has more than one line: it must hold the secret alone.")
            : text;
    }

    /// <summary>The certificate with its private key.</summary>
    /// <exception cref="CredentialException">They cannot be read or do not belong together.</exception>
    public static X509Certificate2 ReadCertificate(string certFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certFile, keyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("certFile and keyFile", $"{certFile}, {keyFile}", exception);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CredentialException($"certFile {certFile} and keyFile {keyFile} are not a PEM certificate and its private key.", exception);
        }
    }

    /// <summary>All certificates of a PEM file.</summary>
    /// <exception cref="CredentialException">It cannot be read or holds none.</exception>
    public static X509Certificate2Collection ReadAuthorities(string caFile)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(caFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("caFile", caFile, exception);
        }
        catch (CryptographicException exception)
        {
            throw new CredentialException($"caFile {caFile} is not a PEM file of certificates.", exception);
        }

        return authorities.Count > 0 ? authorities : throw new CredentialException($"caFile {caFile} holds no certificate.");
    }

    private static CredentialException Unreadable(string option, string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new($"{option} {path} does not exist.", exception),
        UnauthorizedAccessException => new($"{option} {path} may not be read by this user.", exception),
        _ => new($"{option} {path} cannot be read.", exception),
    };
}
