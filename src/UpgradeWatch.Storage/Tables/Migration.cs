using System.Reflection;

namespace UpgradeWatch.Storage.Tables;

/// <summary>One numbered change of the tables; forward only.</summary>
/// <param name="Version">The version of the store after it; the first is 1.</param>
/// <param name="Name">What it does, from its file name.</param>
/// <param name="Sql">The statements.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The migrations of a kind of store that are built in, in their order.</summary>
    /// <param name="folder"><c>Sqlite</c> or <c>Postgres</c>; each has numbers of its own.</param>
    public static IReadOnlyList<Migration> BuiltIn(string folder)
    {
        var prefix = $"UpgradeWatch.Storage.{folder}.Migrations.";
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name, prefix.Length))];
    }

    private static Migration Read(Assembly assembly, string resource, int prefix)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var file = Path.GetFileNameWithoutExtension(resource[prefix..]);
        return new Migration(int.Parse(file.AsSpan(0, 4)), file[5..], reader.ReadToEnd());
    }
}
