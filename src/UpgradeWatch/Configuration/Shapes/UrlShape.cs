using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>An http or https address without secrets in it.</summary>
/// <param name="example">Shown in messages.</param>
/// <param name="withQuery">Whether a query may follow the path.</param>
internal sealed class UrlShape(string example, bool withQuery = false) : ScalarShape<Uri>
{
    public override string Expected => $"an http or https address such as {example}";

    public override JsonObject Schema() => new() { ["type"] = "string", ["format"] = "uri", ["pattern"] = "^https?://" };

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out Uri value, out string? hint)
    {
        hint = null;
        if (!Uri.TryCreate(scalar.Text, UriKind.Absolute, out value!) || value.Scheme is not ("http" or "https") || value.Host.Length == 0) return false;
        if (value.UserInfo.Length > 0) hint = "leave user name and password out of the address; write username and passwordFile";
        else if (value.Fragment.Length > 0 || (value.Query.Length > 0 && !withQuery)) hint = $"leave out what follows the path; write {Expected}";
        return hint is null;
    }

    protected override string Show(ScalarNode scalar) => scalar.Text.Contains('@') ? "an address with a user name" : scalar.Describe();
}
