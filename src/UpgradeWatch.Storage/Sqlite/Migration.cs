using System.Reflection;

namespace UpgradeWatch.Storage.Sqlite;

/// <summary>One numbered change of the tables; forward only.</summary>
/// <param name="Version">The version of the store after it; the first is 1.</param>
/// <param name="Name">What it does, from its file name.</param>
/// <param name="Sql">The statements.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    private const string Prefix = "UpgradeWatch.Storage.Sqlite.Migrations.";

    /// <summary>The migrations that are built in, in their order.</summary>
    public static IReadOnlyList<Migration> BuiltIn()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name))];
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var file = Path.GetFileNameWithoutExtension(resource[Prefix.Length..]);
        return new Migration(int.Parse(file.AsSpan(0, 4)), file[5..], reader.ReadToEnd());
    }
}
