using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Tests.Outbox;

/// <summary>A sink that answers as it is told, and remembers what it was asked.</summary>
internal sealed class ScriptedSink(string name) : IOutboxSink
{
    private readonly TaskCompletionSource<OutboxEntry> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public Func<OutboxEntry, DeliveryResult> Answer { get; set; } = entry => new DeliveryResult(DeliveryOutcome.Delivered, $"remote-{entry.Key}");

    public List<string> Asked { get; } = [];

    public Task<OutboxEntry> First => _first.Task;

    /// <summary>Whether what it is asked stays without an answer.</summary>
    public bool IsSilent { get; set; }

    public async Task<DeliveryResult> DeliverAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        Asked.Add(entry.Key);
        _first.TrySetResult(entry);
        if (IsSilent) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return Answer(entry);
    }
}
