namespace UpgradeWatch.Cli.Client;

/// <summary>Ends a verb because the server refused or could not be asked; carries the exit code.</summary>
internal sealed class ApiException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the process answers with.</summary>
    public int ExitCode => exitCode;

    /// <summary>Whether the same request may succeed later, when the server is back.</summary>
    public bool MayPass => exitCode == ExitCodes.Unreachable;
}
