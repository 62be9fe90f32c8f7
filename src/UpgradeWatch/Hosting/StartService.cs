using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Hosting;

/// <summary>Loads what the store keeps before anything else starts: nobody is answered by an UpgradeWatch that has forgotten.</summary>
internal sealed class StartService(UpgradeService upgrades, TimeProvider time) : IHostedService
{
    /// <summary>When this server started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        StartedAt = time.GetUtcNow();
        try
        {
            await upgrades.LoadAsync(cancellationToken);
        }
        catch (StoreException trouble) when (trouble.Failure == StoreFailure.NotActive)
        {
            // On standby beside an older version: what that one keeps can be read once this one has become active.
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
