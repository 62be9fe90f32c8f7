using System.Globalization;

namespace UpgradeWatch.TestKit.Processes;

/// <summary>
/// The executable under test as a server, on loopback ports of its own, with its configuration and state in a folder of
/// its own. It can be killed at any instant and comes back on the same ports with the same state.
/// </summary>
public sealed class UpgradeWatchServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _config;
    private TestProcess? _process;

    /// <summary>Makes a server that is not yet running.</summary>
    /// <param name="configuration">The whole of <c>upgradewatch.yaml</c> but <c>storage</c>.</param>
    /// <param name="storage">The value of <c>storage</c>; left out: a file in the server's folder.</param>
    public UpgradeWatchServer(string configuration, string? storage = null) =>
        _config = _folder.Write("upgradewatch.yaml", $"storage: {storage ?? $"{{ path: '{DatabaseFile}' }}"}\n{configuration}");

    /// <summary>The program that serves: the one under test, or one of the tests' own that takes the same options.</summary>
    public string Executable { get; set; } = UpgradeWatchExecutable.Path;

    /// <summary>What the next start is told beyond the usual options.</summary>
    public IReadOnlyList<string> MoreArguments { get; set; } = [];

    /// <summary>Where the API is.</summary>
    public Uri Url { get; } = Loopback();

    /// <summary>Where metrics and probes are.</summary>
    public Uri MetricsUrl { get; } = Loopback();

    /// <summary>Its configuration.</summary>
    public string ConfigFile => _config;

    /// <summary>The SQLite file.</summary>
    public string DatabaseFile => _folder.File("upgradewatch.db");

    /// <summary>The log of the process that runs now, or ran last.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Makes and starts a server.</summary>
    public static Task<UpgradeWatchServer> StartNewAsync(string configuration) => Started.AsyncOf(new UpgradeWatchServer(configuration), server => server.StartAsync());

    /// <summary>Starts it, also after it was killed, and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = TestProcess.Start(
            Executable,
            ["serve", "--config", _config, "--urls", Url.ToString(), "--metrics-urls", MetricsUrl.ToString(), .. MoreArguments],
            _folder.Path);
        await _process.WaitForHttpAsync(new Uri(MetricsUrl, "/readyz"), cancellationToken);
    }

    /// <summary>Waits for a line in the log of the process that runs now.</summary>
    public Task<string> WaitForLineAsync(string text) => Running.WaitForLineAsync(text);

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => Running.KillAsync();

    /// <summary>Holds it where it is (SIGSTOP).</summary>
    public void Suspend() => Running.Suspend();

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Resume() => Running.Resume();

    /// <summary>Asks it to stop (SIGTERM) and gives back its exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => Running.TerminateAsync(cancellationToken);

    /// <summary>Runs a command of the same executable against this server.</summary>
    public Task<(int ExitCode, string StandardOutput, string Output)> CommandAsync(params IReadOnlyList<string> arguments) =>
        UpgradeWatchExecutable.RunAsync([.. arguments, "--server", Url.ToString()]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private TestProcess Running => _process ?? throw new InvalidOperationException("The server was not started.");

    private static Uri Loopback() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
}
