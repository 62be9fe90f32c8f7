using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A file that need not be there yet. A relative path begins in the configuration's folder.</summary>
internal sealed class PathShape : ScalarShape<string>
{
    public override string Expected => "the path of a file";

    /// <summary>From a file, relative to its folder; from an environment variable, relative to the working directory.</summary>
    public static string Resolve(ScalarNode scalar, ReadingContext context) =>
        scalar.At.IsEnvironment ? scalar.Text : Path.Combine(context.Folder, scalar.Text);

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out string value, out string? hint)
    {
        value = Resolve(scalar, context);
        hint = Directory.Exists(value) ? $"that is a folder; write {Expected}" : null;
        return hint is null && scalar.Text.Length > 0 && !scalar.Text.Any(char.IsControl);
    }
}
