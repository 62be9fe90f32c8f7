using Microsoft.Extensions.Logging.Console;

namespace UpgradeWatch.Hosting;

/// <summary>How the server logs: one line a record on standard error, so that standard output is free for data.</summary>
internal static class ConsoleLines
{
    /// <summary>Adds it.</summary>
    public static void AddConsoleLines(this ILoggingBuilder logging, LogLevel least)
    {
        logging.SetMinimumLevel(least);
        // Of the server and the HTTP clients only what went wrong: one line for each request would drown the verdicts.
        logging.AddFilter("Microsoft", level => level >= LogLevel.Warning && level >= least);
        logging.AddFilter("System", level => level >= LogLevel.Warning && level >= least);
        // Each retry with its stack trace, beside our own line that says what is wrong with the source.
        logging.AddFilter("Polly", LogLevel.None);
        // A start that fails is an exception, and whoever started it says it in a sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (least == LogLevel.None) return;
        logging.Services.AddSingleton<ConsoleFormatter, OneLineFormatter>();
        logging.AddConsole(console =>
        {
            console.FormatterName = OneLineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }
}
