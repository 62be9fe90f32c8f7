namespace UpgradeWatch.Cli.Output;

/// <summary>One line on a terminal that is written over again and again; elsewhere a line for each change.</summary>
internal sealed class LiveLine(CliContext context)
{
    private bool _open;
    private string? _last;

    /// <summary>Shows what is so now.</summary>
    public void Show(string text, bool changed)
    {
        var line = text.ReplaceLineEndings(" ");
        if (context.TerminalWidth is { } width)
        {
            // One column stays free: some terminals begin a new line once the last one is filled.
            var shown = line.Length < width ? line.PadRight(width - 1) : line[..(width - 2)] + "…";
            context.Error.Write("\r" + shown);
            context.Error.Flush();
            _open = true;
        }
        else if (changed && line != _last)
        {
            context.Error.WriteLine(line);
        }

        _last = line;
    }

    /// <summary>A message on a line of its own.</summary>
    public void Say(string message)
    {
        End();
        context.Say(message);
    }

    /// <summary>Leaves the line as it is and goes to the next.</summary>
    public void End()
    {
        if (_open) context.Error.WriteLine();
        _open = false;
    }
}
