namespace UpgradeWatch.Cli;

/// <summary>What a verb has around it. Tests put their own there.</summary>
internal sealed record CliContext
{
    /// <summary>Data.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Columns of the terminal that messages go to; null when it is none, or one that cannot go back to the line's beginning.</summary>
    public int? TerminalWidth { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>This process's own.</summary>
    public static CliContext OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        TerminalWidth = WidthOfTerminal(),
        Environment = System.Environment.GetEnvironmentVariable,
    };

    /// <summary>A message on one line.</summary>
    public void Say(string message) => Error.WriteLine($"upgradewatch: {message}");

    private static int? WidthOfTerminal()
    {
        if (Console.IsErrorRedirected || System.Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb") return null;
        if (!string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"))) return null;
        try
        {
            return Console.BufferWidth is > 20 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
