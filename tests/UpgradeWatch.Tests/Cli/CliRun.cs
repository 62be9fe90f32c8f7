using UpgradeWatch.Cli;

namespace UpgradeWatch.Tests.Cli;

/// <summary>One command line and what came of it.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> OfAsync(params string[] args) => OfAsync(TimeProvider.System, args);

    public static async Task<CliRun> OfAsync(TimeProvider time, string[] args, int? terminalWidth = null, Func<string, string?>? environment = null, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext { Out = output, Error = error, Time = time, TerminalWidth = terminalWidth, Environment = environment ?? (_ => null) };
        var exitCode = await CliApp.RunAsync(args, context, cancellationToken);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
