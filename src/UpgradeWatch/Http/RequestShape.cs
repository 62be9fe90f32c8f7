using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>Compares a request's JSON with the type it shall become, so that the first mistake can be named before anything is made of it.</summary>
internal static class RequestShape
{
    /// <summary>The first mistake; null when there is none.</summary>
    /// <param name="element">The JSON.</param>
    /// <param name="type">What it shall become.</param>
    /// <param name="path">Name of the field with those above it; empty for the body.</param>
    public static Problem? Check(JsonElement element, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => CheckObject(element, type, path),
        JsonTypeInfoKind.Dictionary => CheckDictionary(element, type, path),
        _ => IsA(element, Nullable.GetUnderlyingType(type.Type) ?? type.Type) ? null : Wrong(element, type, path),
    };

    /// <summary>A short example of an object, with its required fields.</summary>
    public static string Example(JsonTypeInfo type)
    {
        var shown = type.Properties.Where(p => p.IsRequired).DefaultIfEmpty(type.Properties[0]);
        return $"{{{string.Join(", ", shown.Select(p => $"\"{p.Name}\": …"))}}}";
    }

    private static Problem? CheckObject(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object) return Wrong(element, type, path);
        var seen = new HashSet<string>();
        foreach (var given in element.EnumerateObject())
        {
            var field = type.Properties.FirstOrDefault(p => p.Name == given.Name);
            if (field is null && type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Skip) continue;
            if (field is null) return Unknown(Join(path, given.Name), type);
            if (!seen.Add(given.Name)) return Bad($"{Join(path, given.Name)} is given twice; it must be given once", Join(path, given.Name));
            if (given.Value.ValueKind == JsonValueKind.Null && !field.IsRequired) continue;
            if (Check(given.Value, type.Options.GetTypeInfo(field.PropertyType), Join(path, given.Name)) is { } problem) return problem;
        }

        var missing = type.Properties.FirstOrDefault(p => p.IsRequired && !seen.Contains(p.Name));
        return missing is null
            ? null
            : Bad($"{Join(path, missing.Name)} is missing; it must be {Expected(type.Options.GetTypeInfo(missing.PropertyType))}", Join(path, missing.Name));
    }

    private static Problem? CheckDictionary(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object) return Wrong(element, type, path);
        var seen = new HashSet<string>();
        foreach (var given in element.EnumerateObject())
        {
            var name = Join(path, given.Name);
            if (!seen.Add(given.Name)) return Bad($"{name} is given twice; it must be given once", name);
            if (given.Value.ValueKind != JsonValueKind.String) return Bad($"{name} is {Show(given.Value)}; it must be text", name);
            _ = given.Value.GetString();
        }

        return null;
    }

    private static bool IsA(JsonElement element, Type type)
    {
        if (type == typeof(string)) return element.ValueKind == JsonValueKind.String && element.GetString() is not null;
        if (type == typeof(bool)) return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
        if (type == typeof(double)) return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number);
        return element.ValueKind == JsonValueKind.String && UtcTimeConverter.TryParse(element.GetString(), out _);
    }

    private static string Expected(JsonTypeInfo type)
    {
        if (type.Kind is JsonTypeInfoKind.Object) return $"an object such as {Example(type)}";
        if (type.Kind is JsonTypeInfoKind.Dictionary) return "an object of names and texts";
        var leaf = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (leaf == typeof(string)) return "text";
        if (leaf == typeof(bool)) return "true or false";
        return leaf == typeof(double) ? "a number" : "a time with its offset, such as \"2026-05-04T13:37:00Z\"";
    }

    private static Problem Unknown(string path, JsonTypeInfo type)
    {
        string[] known = [.. type.Properties.Select(p => p.Name)];
        return Problems.Of(StatusCodes.Status400BadRequest, $"{Shown.Short(path)} is not a field; known: {string.Join(", ", known)}", Shown.Short(path), known);
    }

    private static Problem Wrong(JsonElement element, JsonTypeInfo type, string path) =>
        Bad($"{(path.Length == 0 ? "the body" : path)} is {Show(element)}; it must be {Expected(type)}", path);

    private static Problem Bad(string detail, string field) =>
        Problems.Of(StatusCodes.Status400BadRequest, detail, field.Length == 0 ? null : Shown.Short(field));

    private static string Show(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => Shown.Short(element.GetRawText()),
    };

    private static string Join(string path, string name) => path.Length == 0 ? Shown.Short(name) : $"{path}.{Shown.Short(name)}";
}
