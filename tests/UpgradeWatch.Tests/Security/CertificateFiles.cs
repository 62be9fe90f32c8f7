using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using UpgradeWatch.Configuration;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

/// <summary>A certificate with the one that signs it, and its key, in PEM files that can be written anew.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TempFolder _folder = new();

    public string CertFile => _folder.File("tls.crt");

    public string KeyFile => _folder.File("tls.key");

    public UpgradeWatchOptions Options => RunningServer.Options(_folder.File("store.db")) with { Auth = new AuthOptions { CertFile = CertFile, KeyFile = KeyFile } };

    public void Write(string name)
    {
        using var signerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new CertificateRequest($"CN=signer of {name}", signerKey, HashAlgorithmName.SHA256);
        signer.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var authority = signer.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .Create(authority, Now.AddHours(-1), Now.AddHours(12), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(CertFile, $"{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n");
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _folder.Dispose();
}
