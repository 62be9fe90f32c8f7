using System.Globalization;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>Checks query parameters: a mistyped one is refused, because a gate that ignores <c>untill=final</c> would open too early.</summary>
internal static class Query
{
    /// <summary>The mistake when a parameter is given that is not known, or one is given twice; null for none.</summary>
    public static Problem? Check(HttpRequest request, params string[] known)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name))
                return Bad(name, $"query parameter '{Shown.Short(name)}' is not known here; {(known.Length == 0 ? "there is none" : $"known: {string.Join(", ", known)}")}", known);
            if (values.Count > 1) return Bad(name, $"query parameter '{name}' is given {values.Count} times; it must be given once");
        }

        return null;
    }

    /// <summary>Reads a whole number in a range.</summary>
    public static Problem? Number(string name, string? text, int least, int most, int otherwise, out int value)
    {
        value = otherwise;
        if (text is null) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most
            ? null
            : Bad(name, $"{name} is '{Shown.Short(text)}'; it must be a whole number from {least} to {most}");
    }

    /// <summary>400 about a parameter.</summary>
    public static Problem Bad(string name, string detail, IReadOnlyList<string>? known = null) =>
        Problems.Of(StatusCodes.Status400BadRequest, detail, Shown.Short(name), known);
}
