using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Sqlite;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Storage.Tests.Sqlite;

public sealed class SqliteUpgradeTests : UpgradeStoreBehaviour, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<IUpgradeStore> OpenAsync() =>
        await SqliteStore.OpenAsync(_folder.File("store.db"), "test", new FakeTimeProvider(), NullLogger.Instance, CancellationToken.None);
}

public sealed class SqliteStepsTests : StepsBehaviour, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<IUpgradeStore> OpenAsync() =>
        await SqliteStore.OpenAsync(_folder.File("store.db"), "test", new FakeTimeProvider(), NullLogger.Instance, CancellationToken.None);
}
