namespace UpgradeWatch.Hosting;

/// <summary>Leaves the process's signals alone: the verb that started the server listens to them.</summary>
internal sealed class HostedLifetime : IHostLifetime
{
    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
