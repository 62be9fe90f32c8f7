using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Cli;

/// <summary>What the process answers with. The meanings never change.</summary>
internal static class ExitCodes
{
    /// <summary>Pass, warn, or done.</summary>
    public const int Done = 0;

    /// <summary>A verdict fail, or a difference found; nothing else.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A verdict inconclusive.</summary>
    public const int Inconclusive = 3;

    /// <summary>The server cannot be reached, or cannot answer now.</summary>
    public const int Unreachable = 4;

    /// <summary>Pending, timed out or interrupted.</summary>
    public const int Pending = 5;

    /// <summary>The server refused.</summary>
    public const int Refused = 6;

    /// <summary>An unexpected error.</summary>
    public const int Unexpected = 70;

    /// <summary>Shown at the end of the help.</summary>
    public const string Help = """
        Exit codes:
          0   pass, warn or done
          1   fail, or a difference found
          2   the command line or the configuration is wrong
          3   inconclusive
          4   the server cannot be reached, or cannot answer now
          5   pending, timed out or interrupted
          6   refused by the server
          70  an unexpected error
        """;

    /// <summary>The code of a verdict.</summary>
    public static int Of(FindingStatus status) => status switch
    {
        FindingStatus.Pass or FindingStatus.Warn => Done,
        FindingStatus.Fail => Failed,
        FindingStatus.Inconclusive => Inconclusive,
        _ => Pending,
    };

    /// <summary>The code of a verdict by its name; one that this version does not know is inconclusive.</summary>
    public static int OfStatus(string status)
    {
        for (var i = 0; i < VerdictNames.Statuses.Count; i++)
        {
            if (VerdictNames.Statuses[i] == status) return Of((FindingStatus)i);
        }

        return Inconclusive;
    }
}
