using System.CommandLine;
using UpgradeWatch.Cli.Offline;

namespace UpgradeWatch.Cli.Features;

/// <summary>The options <c>--config</c>, <c>--history</c> and <c>--observe</c> of the verbs that judge files.</summary>
internal sealed class OfflineFeature
{
    private const double Week = 7 * 86400;
    private const double TwoHours = 7200;

    private readonly Option<string?> _config = CliValues.Text("--config", "FILE", "Configuration; of it evaluation.falseAlarmRate and .timeZone are used, and what is written about an SLI that is named (tolerance, absoluteLimit, unit). Default: none is read.");
    private readonly Option<double?> _history = CliValues.Duration("--history", "How much of the time before the change is looked at. Default: 7d.");
    private readonly Option<double?> _observe = CliValues.Duration("--observe", "How much of the time after the change is looked at. Default: 120m.");

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Options.Add(_config);
        verb.Options.Add(_history);
        verb.Options.Add(_observe);
    }

    /// <summary>What is configured; null, with every mistake told, when that is wrong.</summary>
    public OfflineSettings? Load(ParseResult parsed, CliContext context) => OfflineSettings.Load(parsed.GetValue(_config), context);

    /// <summary>Seconds before the change.</summary>
    public double History(ParseResult parsed) => parsed.GetValue(_history) ?? Week;

    /// <summary>Seconds after the change.</summary>
    public double Observe(ParseResult parsed) => parsed.GetValue(_observe) ?? TwoHours;

    /// <summary>Runs a verb; what is wrong with its files is a message and the exit code of wrong usage.</summary>
    public static int Guard(CliContext context, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (SeriesFormatException mistake)
        {
            context.Say(mistake.Message);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            context.Say(trouble.Message);
        }

        return ExitCodes.Usage;
    }
}
