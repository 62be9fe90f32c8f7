using System.Security.Cryptography;
using System.Text;

namespace UpgradeWatch.Security;

/// <summary>A browser that has exchanged a token for a cookie.</summary>
/// <param name="TokenHash">Hash of the token: what it allows is looked up at each request, so that taking it back ends the session.</param>
/// <param name="Until">When it ends.</param>
/// <param name="FormToken">What a form of the page has to carry: another site can send the cookie along, but cannot know this.</param>
internal sealed record Session(byte[] TokenHash, DateTimeOffset Until, string FormToken)
{
    /// <summary>Whether a form carried the right thing; takes as long whatever the answer is.</summary>
    public bool Accepts(string formToken) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(FormToken), Encoding.UTF8.GetBytes(formToken));
}
