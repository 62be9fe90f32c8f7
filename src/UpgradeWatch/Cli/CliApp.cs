using System.CommandLine;
using System.CommandLine.Help;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Verbs;

namespace UpgradeWatch.Cli;

/// <summary>The command line: which verbs there are, and what becomes of mistakes and of what nobody expected.</summary>
internal static class CliApp
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(15);

    /// <summary>Runs one command line; gives the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var root = CreateRoot(context);
            // Words that begin with @ are text (--reason "@oncall"), not files with more words.
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
            if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true }) return ParseTrouble.Tell(parsed, context);
            var invocation = new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = StopWithin,
            };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            context.Say("interrupted");
            return ExitCodes.Pending;
        }
        catch (Exception exception)
        {
            context.Say($"unexpected error: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Unexpected;
        }
    }

    /// <summary>The verbs, in the order of the help.</summary>
    public static RootCommand CreateRoot(CliContext context)
    {
        var output = new OutputFeature();
        var root = new RootCommand("Watches software upgrades in production: says what got worse, since when, and how sure it is.")
        {
            output.Option,
            ServeVerb.Create(context, output),
            DemoVerb.Create(context, output),
            BeginVerb.Create(context, output),
            AdvanceVerb.Create(context, output),
            AbortVerb.Create(context, output),
            RollbackVerb.Create(context, output),
            StatusVerb.Create(context, output),
            AckVerb.Create(context, output),
            ChecklistVerb.Create(context, output),
            WaitVerb.Create(context, output),
            AnalyzeVerb.Create(context, output),
            BacktestVerb.Create(context, output),
            TokenVerb.Create(context, output),
            BackupVerb.Create(context, output),
            ConfigVerb.Create(context, output),
        };
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
