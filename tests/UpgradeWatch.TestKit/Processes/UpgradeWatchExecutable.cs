namespace UpgradeWatch.TestKit.Processes;

/// <summary>
/// The executable under test: the published native one that <c>UPGRADEWATCH_EXECUTABLE</c> names, else the one that the
/// build put beside the tests.
/// </summary>
public static class UpgradeWatchExecutable
{
    /// <summary>Where it is.</summary>
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("UPGRADEWATCH_EXECUTABLE") is { Length: > 0 } published
            ? published
            : System.IO.Path.Combine(AppContext.BaseDirectory, "upgradewatch");

    /// <summary>Runs one command to its end.</summary>
    public static Task<(int ExitCode, string StandardOutput, string Output)> RunAsync(params IReadOnlyList<string> arguments) =>
        TestProcess.RunAsync(Path, arguments, workingDirectory: System.IO.Path.GetTempPath());

    /// <summary>Starts a command that goes on.</summary>
    public static TestProcess Start(params IReadOnlyList<string> arguments) =>
        TestProcess.Start(Path, arguments, workingDirectory: System.IO.Path.GetTempPath());
}
