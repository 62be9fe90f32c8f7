using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Hosting;

/// <summary>Loads what the store keeps before anything else starts: nobody is answered by an UpgradeWatch that has forgotten.</summary>
internal sealed class StartService(UpgradeService upgrades) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => upgrades.LoadAsync(cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
