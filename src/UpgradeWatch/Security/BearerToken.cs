using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace UpgradeWatch.Security;

/// <summary>
/// A token: 256 bits from the system's generator. Its plain SHA-256 is kept, without salt and without a slow function:
/// those protect secrets that can be guessed, and nobody guesses 256 random bits; so that each request can be checked in
/// microseconds. That the bits are random is what the fixed form is for: a word that somebody thought of has another.
/// </summary>
internal static class BearerToken
{
    private const int Bytes = 32;

    // Tells scanners for secrets what it is.
    private const string Prefix = "uw_";

    private static readonly int Length = Prefix.Length + Base64Url.GetEncodedLength(Bytes);

    /// <summary>A new one.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text has the form of a token.</summary>
    public static bool IsOne(string text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length));

    /// <summary>What is kept of it.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
