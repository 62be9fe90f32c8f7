using System.Globalization;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Alertmanager;

/// <summary>A real Alertmanager on a loopback port of its own, alone, with its data in a folder of its own.</summary>
public sealed class AlertmanagerServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _config;
    private readonly int _port = FreePort.Next();
    private TestProcess? _process;

    /// <summary>Makes a server that is not yet running.</summary>
    /// <param name="configuration">Its configuration file.</param>
    public AlertmanagerServer(string configuration) => _config = _folder.Write("alertmanager.yml", configuration);

    /// <summary>Its address.</summary>
    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>Its log so far.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Makes and starts one.</summary>
    public static Task<AlertmanagerServer> StartNewAsync(string configuration) => Started.AsyncOf(new AlertmanagerServer(configuration), server => server.StartAsync());

    /// <summary>Starts it, also after it was killed, and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = TestProcess.Start("prometheus-alertmanager", [
            $"--config.file={_config}",
            $"--storage.path={_folder.File("data")}",
            $"--web.listen-address=127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
            "--cluster.listen-address=",
            "--log.level=warn",
        ]);
        await _process.WaitForHttpAsync(new Uri(Url, "/-/ready"));
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _folder.Dispose();
    }
}
