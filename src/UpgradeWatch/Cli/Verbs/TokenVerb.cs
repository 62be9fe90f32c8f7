using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Configuration.Description;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Security;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch token new</c>: makes a token. Nothing keeps it but whoever asked.</summary>
internal static class TokenVerb
{
    public static Command Create(CliContext context, OutputFeature output) => new VerbCommand(
        "token",
        "Make tokens for the API.",
        "upgradewatch token new --role operate --target checkout --name ci --file /etc/upgradewatch/tokens > ci-token")
    {
        CreateNew(context, output),
    };

    private static VerbCommand CreateNew(CliContext context, OutputFeature output)
    {
        var role = CliValues.Choice("--role", "What it allows: read; operate (begin, move, acknowledge, checklist) as well; admin (force, override) as well.", RoleNames.All);
        role.Required = true;
        var targets = new Option<string[]?>("--target") { Description = "A target it is limited to; may be given several times. Left out: all.", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        var name = CliValues.Text("--name", "NAME", $"Whose it is, {TokenEntry.NameExpected}: recorded with each change. Left out: the role and the beginning of the hash.");
        var file = CliValues.Text("--file", "FILE", "The token file (auth.tokenFile), which the hashed line is added to. Left out: the line is printed after the token.");
        var verb = new VerbCommand(
            "new",
            "Make a token and print it, this once. The token file holds only its hash; delete that line to take the token back.",
            "upgradewatch token new --role operate --target checkout --name ci --file /etc/upgradewatch/tokens > ci-token",
            "upgradewatch token new --role read")
        {
            role, targets, name, file,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } written && !TokenEntry.IsName(written)) result.AddError($"--name is {Quoting.Show(written)}; write {TokenEntry.NameExpected}");
            foreach (var target in result.GetValue(targets) ?? [])
            {
                if (!Names.Target.IsMatch(target)) result.AddError($"--target is {Quoting.Show(target)}; write the name of a target, which matches {Names.Target}");
            }
        });
        verb.SetAction(parsed =>
        {
            if (!RoleNames.TryParse(parsed.GetValue(role), out var allowed)) return ExitCodes.Usage;
            var token = BearerToken.New();
            var hash = BearerToken.Hash(token);
            var entry = new TokenEntry
            {
                Hash = hash,
                Role = allowed,
                Name = parsed.GetValue(name) ?? $"{allowed.ToText()}-{Convert.ToHexStringLower(hash)[..8]}",
                Targets = [.. (parsed.GetValue(targets) ?? []).Distinct()],
            };
            var tokenFile = parsed.GetValue(file);
            if (tokenFile is not null && Append(tokenFile, entry) is { } mistake)
            {
                context.Say($"--file is {Quoting.Show(tokenFile)}; {mistake}");
                return ExitCodes.Usage;
            }

            if (output.IsJson(parsed)) context.Out.WriteLine(new JsonObject { ["token"] = token, ["line"] = entry.ToString() }.ToJsonString());
            else context.Out.WriteLine(tokenFile is null ? $"{token}\n{entry}" : token);
            context.Say(tokenFile is null
                ? "this is the only time that the token is shown; the second line belongs into the file of auth.tokenFile"
                : $"this is the only time that the token is shown; its hash is in {tokenFile}, as {entry.Name}");
            return ExitCodes.Done;
        });
        return verb;
    }

    // Adds one whole line, whatever the file ends with; one that is new can be read by its owner alone.
    private static string? Append(string path, TokenEntry entry)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(path, options);
            var before = "";
            if (stream.Length > 0)
            {
                stream.Seek(-1, SeekOrigin.End);
                before = stream.ReadByte() == '\n' ? "" : "\n";
            }

            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes($"{before}{entry}\n"));
            stream.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"the line cannot be added: {exception.Message}";
        }
    }
}
