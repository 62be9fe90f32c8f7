using System.Diagnostics;

namespace UpgradeWatch.TestKit.Processes;

/// <summary>
/// A real process of a test: its output is kept, it can be killed and held at any instant, and it never outlives the
/// test that disposes it.
/// </summary>
public sealed class TestProcess : IAsyncDisposable
{
    /// <summary>How long anything here waits before it gives up: far beyond what a loaded machine needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ProcessOutput _output = new();
    private readonly ProcessOutput _standardOutput = new();
    private int _endedStreams;

    private TestProcess(ProcessStartInfo startInfo)
    {
        _process = new Process { StartInfo = startInfo, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data, isStandardOutput: true);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, isStandardOutput: false);
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>All it has written so far, standard output and standard error together.</summary>
    public string Output => _output.Text;

    /// <summary>What it has written so far to standard output alone.</summary>
    public string StandardOutput => _standardOutput.Text;

    /// <summary>Starts a program. A variable with the value null is removed from the environment.</summary>
    public static TestProcess Start(
        string fileName,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var startInfo = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            startInfo.Environment[name] = value;
        }

        var process = new TestProcess(startInfo);
        process.Begin();
        return process;
    }

    /// <summary>Runs a program to its end and gives back its exit code and output.</summary>
    public static async Task<(int ExitCode, string StandardOutput, string Output)> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellationToken = default)
    {
        await using var process = Start(fileName, arguments, workingDirectory, environment);
        var exitCode = await process.WaitForExitAsync(cancellationToken);
        return (exitCode, process.StandardOutput, process.Output);
    }

    /// <summary>Waits for a line that holds the text, also when it was written before.</summary>
    /// <exception cref="InvalidOperationException">The process ended without it; the message has its output.</exception>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public async Task<string> WaitForLineAsync(string text, CancellationToken cancellationToken = default)
    {
        var found = _output.WaitForLine(line => line.Contains(text, StringComparison.Ordinal)) ?? throw Ended($"without a line that holds '{text}'");
        try
        {
            return await found.WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No line with '{text}' came from {_process.StartInfo.FileName}. Its output:\n{Output}");
        }
    }

    /// <summary>Waits until a GET of the address succeeds.</summary>
    /// <exception cref="InvalidOperationException">The process ended before; the message has its output.</exception>
    /// <exception cref="TimeoutException">It did not become ready.</exception>
    public Task WaitForHttpAsync(Uri url, CancellationToken cancellationToken = default) =>
        Readiness.WaitAsync(url, () => HasExited ? Ended("before it was ready") : null, () => Output, cancellationToken);

    /// <summary>Waits for its end and for the last of its output.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary><c>kill -9</c>, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken = default)
    {
        Signals.Send(Id, Signals.Terminate);
        return await WaitForExitAsync(cancellationToken);
    }

    /// <summary>Interrupts it (SIGINT) and waits until it has ended.</summary>
    public async Task<int> InterruptAsync(CancellationToken cancellationToken = default)
    {
        Signals.Send(Id, Signals.Interrupt);
        return await WaitForExitAsync(cancellationToken);
    }

    /// <summary>Holds it where it is (SIGSTOP): it keeps its connections and answers nothing.</summary>
    public void Suspend() => Signals.Send(Id, Signals.Stop);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Resume() => Signals.Send(Id, Signals.Continue);

    /// <summary>Asks it to read its configuration again (SIGHUP).</summary>
    public void Hangup() => Signals.Send(Id, Signals.Hangup);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Begin()
    {
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line, bool isStandardOutput)
    {
        if (line is null)
        {
            // A stream is over; a line can still come from the other one.
            if (Interlocked.Increment(ref _endedStreams) == 2)
            {
                _output.End(() => Ended("before the line came"));
            }

            return;
        }

        _output.Add(line);
        if (isStandardOutput)
        {
            _standardOutput.Add(line);
        }
    }

    private InvalidOperationException Ended(string when) =>
        new($"{_process.StartInfo.FileName} ended {when}. Its output:\n{Output}");
}
