using System.CommandLine;
using System.CommandLine.Parsing;
using UpgradeWatch.Cli.Client;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Cli.Features;

/// <summary>The options <c>--server</c> and <c>--token-file</c> of the verbs that talk to a running server.</summary>
internal sealed class ServerFeature
{
    private const string Usual = "http://127.0.0.1:8080";

    // Names a file and not the token: the environment of a process is shown to whoever may look at it, and inherited.
    private const string TokenFileVariable = "UPGRADEWATCH_TOKEN_FILE";

    private readonly Option<Uri> _server = new("--server")
    {
        Description = "Address of the server.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(Usual),
        CustomParser = result => Parse(result),
    };

    private readonly Option<string?> _tokenFile = CliValues.Text("--token-file", "FILE", $"File with the bearer token for the server. Default: what the environment variable {TokenFileVariable} names.");

    /// <summary>Adds the options to a verb.</summary>
    public ServerFeature(Command command, CliContext context)
    {
        Context = context;
        command.Add(_server);
        command.Add(_tokenFile);
    }

    private CliContext Context { get; }

    /// <summary>Runs what talks to the server: a refusal becomes a message and its exit code.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<ApiClient, Task<int>> run)
    {
        var (file, source) = (parsed.GetValue(_tokenFile), "--token-file");
        if (file is null && Context.Environment(TokenFileVariable) is { Length: > 0 } named) (file, source) = (named, TokenFileVariable);
        if (file is not null && FindMistake(file) is { } mistake)
        {
            Context.Say($"{source} is {Quoting.Show(file)}; {mistake}");
            return ExitCodes.Usage;
        }

        using var client = new ApiClient(parsed.GetRequiredValue(_server), file);
        try
        {
            return await run(client);
        }
        catch (ApiException refused)
        {
            Context.Say(refused.Message);
            return refused.ExitCode;
        }
    }

    private static string? FindMistake(string file)
    {
        try
        {
            var text = File.ReadAllText(file).Trim();
            if (text.Length == 0) return "the file is empty; write a token into it";
            // What is no token is not sent anywhere, and not shown either.
            return text.All(c => c is > ' ' and <= '~') ? null : "the file holds more than a token; write the token alone into it";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"the file cannot be read: {exception.Message}";
        }
    }

    private static Uri? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (TryAddress(text, out var address)) return address;
        if (!text.Contains('@')) return CliValues.Refuse<Uri>(result, "--server", $"an http or https address such as {Usual}");
        result.AddError($"--server has a user name in it; write an address such as {Usual}, and the token into a file for --token-file");
        return null;
    }

    private static bool TryAddress(string text, out Uri address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address!) && address is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" } && address.Host.Length > 0;
}
