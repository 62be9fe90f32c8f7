using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace UpgradeWatch.Connectors.Http;

/// <summary>Trust in authorities of the user's own, instead of in the machine's.</summary>
internal static class OwnAuthorities
{
    /// <summary>
    /// Whether one of the authorities has signed what the server presents. Its name must fit whoever signed; only the chain
    /// is built again. The authorities are asked for only when everything else fits.
    /// </summary>
    public static bool Trust(Func<X509Certificate2Collection> authorities, X509Certificate? presented, X509Chain? received, SslPolicyErrors errors)
    {
        if (presented is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (received is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
            foreach (var element in received.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using var leaf = new X509Certificate2(presented);
        return chain.Build(leaf);
    }
}
