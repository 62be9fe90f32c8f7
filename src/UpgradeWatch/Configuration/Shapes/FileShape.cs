using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A file that must be there and readable. A relative path begins in the configuration's folder.</summary>
internal sealed class FileShape(string content) : ScalarShape<string>
{
    public override string Expected => $"the path of a readable file with {content}";

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out string value, out string? hint)
    {
        value = PathShape.Resolve(scalar, context);
        hint = Refusal(value);
        return hint is null;
    }

    private string? Refusal(string path)
    {
        try
        {
            using var opened = File.OpenRead(path);
            return null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"there is no file {path}; write {Expected}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{path} cannot be read ({exception.Message}); write {Expected}";
        }
    }
}
