using System.Security.Cryptography;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Description;

namespace UpgradeWatch.Security;

/// <summary>One line of the token file: whose token it is, and what it allows.</summary>
internal sealed partial record TokenEntry
{
    private const string Algorithm = "sha256:";

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Whose it is: recorded with each change. Two lines may have the same name while a token is exchanged.</summary>
    public required string Name { get; init; }

    /// <summary>What it allows.</summary>
    public required Role Role { get; init; }

    /// <summary>The targets it is limited to; empty for all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>What a name looks like, for messages.</summary>
    public static string NameExpected => "1 to 64 letters, digits and . _ @ -";

    /// <summary>Whether a text can be a name.</summary>
    public static bool IsName(string text) => NamePattern.IsMatch(text);

    [GeneratedRegex("^[A-Za-z0-9._@-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern { get; }

    /// <summary>Whether it is the entry of a token with this hash; takes as long whatever the answer is.</summary>
    public bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash, hash);

    /// <summary>The line.</summary>
    public override string ToString() =>
        $"{Algorithm}{Convert.ToHexStringLower(Hash)} role={Role.ToText()}{(Targets.Count == 0 ? "" : $" target={string.Join(',', Targets)}")} name={Name}";

    /// <summary>Reads a line; the mistake never repeats what stands in it, because somebody may have written the token itself.</summary>
    public static bool TryParse(string line, out TokenEntry? entry, out string? mistake)
    {
        entry = null;
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!TryHash(words[0], out var hash))
        {
            mistake = $"does not begin with {Algorithm} and the 64 hexadecimal digits of a hash";
            return false;
        }

        var (name, role, targets) = ("", "", "");
        foreach (var word in words.Skip(1))
        {
            switch (word.Split('=', 2))
            {
                case ["name", var value]: name = value; break;
                case ["role", var value]: role = value; break;
                case ["target", var value]: targets = value; break;
                default:
                    mistake = "has a word that is none of role=…, target=…, name=…";
                    return false;
            }
        }

        string[] limits = targets.Length == 0 ? [] : targets.Split(',');
        mistake = !RoleNames.TryParse(role, out var allowed) ? $"has no role that is one of {string.Join(", ", RoleNames.All)}"
            : !IsName(name) ? $"has no name of {NameExpected}"
            // An empty limit would be none at all.
            : line.Contains("target=", StringComparison.Ordinal) && (limits.Length == 0 || !limits.All(t => Names.Target.IsMatch(t))) ? "has a target that cannot be one's name"
            : null;
        if (mistake is null) entry = new TokenEntry { Hash = hash, Name = name, Role = allowed, Targets = limits };
        return mistake is null;
    }

    private static bool TryHash(string word, out byte[] hash)
    {
        hash = new byte[SHA256.HashSizeInBytes];
        return word.Length == Algorithm.Length + (2 * SHA256.HashSizeInBytes)
            && word.StartsWith(Algorithm, StringComparison.Ordinal)
            && Convert.FromHexString(word.AsSpan(Algorithm.Length), hash, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
