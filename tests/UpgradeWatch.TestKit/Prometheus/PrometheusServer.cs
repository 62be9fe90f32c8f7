using System.Globalization;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>
/// A real Prometheus on a loopback port of its own, with its data in a folder of its own. Made, given history if wanted
/// (<see cref="ImportBlocksAsync"/>), then started.
/// </summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const int StartTries = 5;

    private readonly TempFolder _folder = new();
    private readonly IReadOnlyList<string> _moreArguments;
    private IReadOnlyList<ScrapeJob> _jobs;
    private TestProcess? _process;
    private int _port = FreePort.Next();

    /// <summary>Makes a server that is not yet running.</summary>
    public PrometheusServer(params IReadOnlyList<ScrapeJob> jobs)
        : this(jobs, [])
    {
    }

    /// <summary>Makes a server that is not yet running, with more arguments on its command line.</summary>
    public PrometheusServer(IReadOnlyList<ScrapeJob> jobs, IReadOnlyList<string> moreArguments)
    {
        _jobs = jobs;
        _moreArguments = moreArguments;
        Query = new PrometheusQuery(() => Url);
    }

    /// <summary>Its address; the same after every restart.</summary>
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>Asks it.</summary>
    public PrometheusQuery Query { get; }

    /// <summary>Rules that it evaluates, and where it sends alerts.</summary>
    public Alerting? Alerting { get; init; }

    /// <summary>Its log so far.</summary>
    public string Output => _process?.Output ?? "";

    private string DataFolder => _folder.File("data");

    /// <summary>Makes and starts a server.</summary>
    public static Task<PrometheusServer> StartNewAsync(params IReadOnlyList<ScrapeJob> jobs) => Started.AsyncOf(new PrometheusServer(jobs), server => server.StartAsync());

    /// <summary>
    /// Puts samples into its storage as blocks, before it starts. The samples must lie in the past: Prometheus takes
    /// nothing that is older than the newest imported block once it scrapes.
    /// </summary>
    public Task ImportBlocksAsync(Action<OpenMetricsWriter> write, CancellationToken cancellationToken = default) =>
        _process is { HasExited: false }
            ? throw new InvalidOperationException("Blocks are imported before Prometheus starts.")
            : BlockImport.RunAsync(_folder.File("import.om"), DataFolder, write, cancellationToken);

    /// <summary>Starts it and waits until it answers queries.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            _process = Launch();
            try
            {
                await _process.WaitForHttpAsync(new Uri(Url, "/-/ready"), cancellationToken);
                return;
            }
            catch (InvalidOperationException) when (attempt < StartTries && Output.Contains("address already in use", StringComparison.Ordinal))
            {
                // Another test process took the port between the look and the start.
                _port = FreePort.Next();
            }
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => Running.KillAsync();

    /// <summary>Starts it again on the same port with the same data, killing it first when it runs.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await Running.DisposeAsync();
        _process = Launch();
        await _process.WaitForHttpAsync(new Uri(Url, "/-/ready"), cancellationToken);
    }

    /// <summary>Holds it: connections stay open and nothing is answered.</summary>
    public void Suspend() => Running.Suspend();

    /// <summary>Lets it go on.</summary>
    public void Resume() => Running.Resume();

    /// <summary>Changes the scrape jobs of the running server; in force when this returns.</summary>
    public async Task ReconfigureAsync(params IReadOnlyList<ScrapeJob> jobs)
    {
        _jobs = jobs;
        WriteConfig();
        await Query.ReloadAsync();
    }

    /// <summary>Waits until every target of the job has been scraped successfully that many times in the last hour.</summary>
    public async Task WaitForScrapesAsync(string job, int count, CancellationToken cancellationToken = default)
    {
        var targets = _jobs.Single(candidate => candidate.Name == job).Targets.Count;
        var enough = string.Create(CultureInfo.InvariantCulture, $"count(sum_over_time(up{{job=\"{job}\"}}[1h]) >= {count})");
        await Readiness.UntilAsync(
            async () => await Query.ValueAsync(enough, cancellationToken) >= targets,
            () => Running.HasExited ? new InvalidOperationException($"Prometheus ended.\n{Output}") : null,
            () => $"Job {job} was not scraped {count} times.\n{Output}",
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Query.Dispose();
        _folder.Dispose();
    }

    private TestProcess Running => _process ?? throw new InvalidOperationException("Prometheus was not started.");

    private TestProcess Launch()
    {
        WriteConfig();
        return TestProcess.Start("prometheus", [
            $"--config.file={_folder.File("prometheus.yml")}",
            $"--storage.tsdb.path={DataFolder}",
            "--storage.tsdb.retention.time=1y",
            $"--web.listen-address=127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
            "--web.enable-lifecycle",
            "--log.level=warn",
            .. _moreArguments,
        ]);
    }

    private void WriteConfig() => _folder.Write("prometheus.yml", PrometheusConfig.Write(_jobs, Alerting));
}
