using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Hosting;

/// <summary>Loads what the store keeps before anything else starts: nobody is answered by an UpgradeWatch that has forgotten.</summary>
internal sealed class StartService(UpgradeService upgrades, TimeProvider time) : IHostedService
{
    /// <summary>When this server started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartedAt = time.GetUtcNow();
        return upgrades.LoadAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
