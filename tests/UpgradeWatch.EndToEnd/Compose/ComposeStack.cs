using System.Globalization;
using System.Runtime.CompilerServices;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Telemetry;

namespace UpgradeWatch.EndToEnd.Compose;

/// <summary>
/// The services of <c>compose.yaml</c> without containers: each by its own command line and with its own files, by the
/// programs of this machine. Grafana is the server in this process, and of Loki there is only what takes logs.
/// </summary>
internal sealed class ComposeStack : IAsyncDisposable
{
    /// <summary>What stands for the image's entry point.</summary>
    private static readonly Dictionary<string, string> Programs = new()
    {
        ["prometheus"] = "prometheus",
        ["alertmanager"] = "prometheus-alertmanager",
        ["upgradewatch"] = UpgradeWatchExecutable.Path,
        ["shop"] = UpgradeWatchExecutable.Path,
    };

    private readonly TempFolder _folder = new();
    private readonly ServicePorts _ports;
    private readonly Dictionary<string, TestProcess> _processes = [];
    private readonly Dictionary<string, LocalContainer> _containers = [];

    private ComposeStack(GrafanaTestServer grafana, OtlpReceiver loki)
    {
        (Grafana, Loki, File) = (grafana, loki, ReadFile());
        _ports = new ServicePorts([.. File.Services.Select(service => service.Name)]);
        _ports.Set("grafana", 3000, grafana.Url);
        _ports.Set("loki", 3100, loki.Address);
    }

    /// <summary>The compose file with the defaults of its variables.</summary>
    public ComposeFile File { get; }

    /// <summary>Stands for Grafana.</summary>
    public GrafanaTestServer Grafana { get; }

    /// <summary>Stands for Loki.</summary>
    public OtlpReceiver Loki { get; }

    /// <summary>Makes it, with nothing running but what stands for Grafana and Loki.</summary>
    public static async Task<ComposeStack> CreateAsync()
    {
        var password = await System.IO.File.ReadAllTextAsync(ReadFile().Service("grafana").Mounts.Single(mount => mount.Kind == "secrets").HostPath!);
        return new ComposeStack(await GrafanaTestServer.StartAsync(GrafanaVersion.V11, password: password.TrimEnd()), await OtlpReceiver.StartAsync());
    }

    /// <summary>Where a port of a service is on this machine.</summary>
    public Uri Url(string service, int port) => _ports.Url(service, port);

    /// <summary>What a service has been given.</summary>
    public LocalContainer Container(string name) => _containers.TryGetValue(name, out var known) ? known : _containers[name] = new LocalContainer(File.Service(name), _folder, _ports);

    /// <summary>The process of a service.</summary>
    public TestProcess Process(string name) => _processes[name];

    /// <summary>Starts a service as <c>docker compose up -d NAME</c> does, also in place of one that runs.</summary>
    /// <param name="name">The service.</param>
    /// <param name="variables">Variables of the compose file.</param>
    public async Task UpAsync(string name, params IReadOnlyList<(string Name, string Value)> variables)
    {
        if (_processes.Remove(name, out var old))
        {
            Assert.Equal(0, await old.TerminateAsync());
            await old.DisposeAsync();
            _containers.Remove(name);
        }

        var container = _containers[name] = variables.Count == 0 ? Container(name) : new LocalContainer(ReadFile(variables).Service(name), _folder, _ports);
        // The images of these two listen on every interface unless they are told otherwise.
        string[] listen = name switch
        {
            "prometheus" => [Listen(name, 9090)],
            "alertmanager" => [Listen(name, 9093)],
            _ => [],
        };
        _processes[name] = TestProcess.Start(Programs[name], [.. container.Command, .. listen], container.Folder, container.Environment);
        await WaitUntilHealthyAsync(name, container);
    }

    /// <summary>All that was written by what has been started.</summary>
    public string Output() => string.Join('\n', _processes.Select(one => $"--- {one.Key}\n{one.Value.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values) await process.DisposeAsync();
        await Grafana.DisposeAsync();
        await Loki.DisposeAsync();
        _folder.Dispose();
    }

    // As the file's own health check says: a page that answers, or the executable itself.
    private async Task WaitUntilHealthyAsync(string name, LocalContainer container)
    {
        if (container.HealthCheck is not [var program, ..]) return;
        if (program == "wget") await _processes[name].WaitForHttpAsync(new Uri(container.HealthCheck[^1]));
        else await Readiness.UntilAsync(async () => (await UpgradeWatchExecutable.RunAsync([.. container.HealthCheck.Skip(1)])).ExitCode == 0, () => Ended(name), Output, CancellationToken.None);
    }

    private InvalidOperationException? Ended(string name) => _processes[name].HasExited ? new($"{name} has ended.\n{Output()}") : null;

    private string Listen(string name, int port) => string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{Url(name, port).Port}");

    private static ComposeFile ReadFile(params IReadOnlyList<(string Name, string Value)> variables) => ComposeFile.Load(Path.Combine(Root(), "compose.yaml"), variables);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
