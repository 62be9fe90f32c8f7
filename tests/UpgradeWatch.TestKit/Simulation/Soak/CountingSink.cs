using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.TestKit.Simulation.Soak;

/// <summary>A Grafana that takes everything and keeps nothing of it.</summary>
internal sealed class CountingSink(string name) : IOutboxSink
{
    private int _taken;

    public string Name => name;

    /// <summary>How much it has taken.</summary>
    public int Taken => _taken;

    public Task<DeliveryResult> DeliverAsync(OutboxEntry entry, CancellationToken cancellationToken) =>
        Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, $"{Interlocked.Increment(ref _taken)}"));
}
