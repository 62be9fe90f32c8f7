using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>How long and of what the texts of a request may be. What UpgradeWatch shows to people carries no control characters.</summary>
internal static class FieldRules
{
    /// <summary>Characters of a version.</summary>
    public const int Version = 128;

    /// <summary>Characters of a name of a person or group.</summary>
    public const int Owner = 256;

    /// <summary>Characters of a reason.</summary>
    public const int Reason = 2000;

    /// <summary>Characters of a note.</summary>
    public const int Note = 4000;

    /// <summary>Characters of a link.</summary>
    public const int Link = 2048;

    /// <summary>Links of an upgrade.</summary>
    public const int Links = 20;

    /// <summary>Characters of a link's name.</summary>
    public const int LinkName = 64;

    /// <summary>The mistake in a text, or null.</summary>
    /// <param name="field">Name of the field.</param>
    /// <param name="value">The text; null is fine.</param>
    /// <param name="longest">Most characters.</param>
    /// <param name="isProse">Whether line breaks and tabs are fine.</param>
    public static Problem? Text(string field, string? value, int longest, bool isProse = false)
    {
        if (value is null) return null;
        if (string.IsNullOrWhiteSpace(value)) return Invalid(field, $"{field} is empty; it must have 1 to {longest} characters, or be left out");
        return CheckCharacters(field, value, longest, isProse);
    }

    /// <summary>The mistake in a text that may be empty (which clears it), or null.</summary>
    public static Problem? Clearable(string field, string? value, int longest, bool isProse = false) =>
        string.IsNullOrEmpty(value) ? null : CheckCharacters(field, value, longest, isProse);

    /// <summary>The mistake in a link, or null.</summary>
    public static Problem? WebLink(string field, string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        if (CheckCharacters(field, value, Link, isProse: false) is { } problem) return problem;
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? null
            : Invalid(field, $"{field} is '{Shown.Short(value)}'; it must be an http or https address");
    }

    /// <summary>The mistake in the links of an upgrade, or null.</summary>
    public static Problem? WebLinks(string field, IReadOnlyDictionary<string, string>? links)
    {
        if (links is null) return null;
        if (links.Count > Links) return Invalid(field, $"{field} has {links.Count} entries; it may have at most {Links}");
        foreach (var (name, link) in links)
        {
            if (Text($"a name in {field}", name, LinkName) is { } badName) return badName with { Field = field };
            if (link.Length == 0) return Invalid($"{field}.{name}", $"{field}.{name} is empty; it must be an http or https address");
            if (WebLink($"{field}.{name}", link) is { } badLink) return badLink;
        }

        return null;
    }

    /// <summary>422 about a field.</summary>
    public static Problem Invalid(string field, string detail, IReadOnlyList<string>? known = null) =>
        Problems.Of(StatusCodes.Status422UnprocessableEntity, detail, Shown.Short(field), known);

    private static Problem? CheckCharacters(string field, string value, int longest, bool isProse)
    {
        if (value.Length > longest) return Invalid(field, $"{field} has {value.Length} characters; it may have at most {longest}");
        for (var i = 0; i < value.Length; i++)
        {
            if (IsBad(value[i], isProse))
                return Invalid(field, $"{field} has the control character U+{(int)value[i]:X4} at position {i + 1}; it must be plain text");
        }

        return null;
    }

    // Besides control characters: the marks that turn the writing direction around, which make a text look like another.
    private static bool IsBad(char c, bool isProse) =>
        (char.IsControl(c) && !(isProse && c is '\n' or '\r' or '\t')) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
