using System.CommandLine;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Cli;

/// <summary>Tells what is wrong with a command line, and what was probably meant.</summary>
internal static class ParseTrouble
{
    public static int Tell(ParseResult parsed, CliContext context)
    {
        var command = parsed.CommandResult.Command;
        var name = string.Join(' ', Path(command).Reverse());
        foreach (var message in Messages(parsed, command, name).Distinct()) context.Say(message);
        context.Say($"see: {name} --help");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Messages(ParseResult parsed, Command command, string name)
    {
        var verbs = command.Subcommands.Select(verb => verb.Name).ToArray();
        if (verbs.Length == 0)
        {
            var options = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options)).Select(option => option.Name).ToArray();
            foreach (var error in parsed.Errors)
            {
                var word = parsed.UnmatchedTokens.FirstOrDefault(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal));
                yield return word is null ? error.Message : Unknown(word, word.StartsWith('-') ? $"an option of {name}" : $"known to {name}", options);
            }
        }
        else if (parsed.UnmatchedTokens.Count == 0)
        {
            yield return $"{name} needs a verb: {string.Join(", ", verbs)}";
        }
        else
        {
            yield return Unknown(parsed.UnmatchedTokens[0], $"a verb of {name}", verbs) + $" The verbs are {string.Join(", ", verbs)}.";
        }
    }

    private static string Unknown(string word, string what, string[] known)
    {
        var meant = Suggestion.For(word, known) is { } near ? $"; did you mean {near}?" : ".";
        return $"{Quoting.Show(word)} is not {what}{meant}";
    }

    private static IEnumerable<string> Path(Command command)
    {
        for (Symbol? symbol = command; symbol is not null; symbol = symbol.Parents.FirstOrDefault())
        {
            yield return symbol is RootCommand ? "upgradewatch" : symbol.Name;
        }
    }
}
