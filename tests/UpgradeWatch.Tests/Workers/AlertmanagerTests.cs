using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.TestKit.Alertmanager;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Workers;

/// <summary>Tests with a real Alertmanager, which pages nobody.</summary>
public abstract class AlertmanagerTests(DateTimeOffset start) : IAsyncLifetime
{
    private AlertmanagerServer _server = null!;
    private AlertmanagerView _view = null!;

    private protected TempFolder Folder { get; } = new();

    /// <summary>The clock of UpgradeWatch; Alertmanager has that of the machine.</summary>
    private protected FakeTimeProvider Time { get; } = new(start);

    private protected Uri AlertmanagerUrl => _server.Url;

    private protected AlertmanagerView View => _view;

    public async Task InitializeAsync()
    {
        _server = await AlertmanagerServer.StartNewAsync("route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n");
        _view = new AlertmanagerView(_server);
    }

    public async Task DisposeAsync()
    {
        _view.Dispose();
        await _server.DisposeAsync();
        Folder.Dispose();
    }
}
