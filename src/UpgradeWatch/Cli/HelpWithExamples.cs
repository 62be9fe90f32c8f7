using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace UpgradeWatch.Cli;

/// <summary>The usual help, then examples and exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is VerbCommand { Examples.Count: > 0 } verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples) output.WriteLine($"  {example}");
            output.WriteLine();
        }

        output.WriteLine(ExitCodes.Help);
        return ExitCodes.Done;
    }
}
