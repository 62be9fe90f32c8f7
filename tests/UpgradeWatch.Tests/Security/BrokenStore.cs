using System.Reflection;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

/// <summary>A store that, once it is told to, breaks in a way that nobody has foreseen, whatever it is asked.</summary>
public class BrokenStore : DispatchProxy
{
    private readonly FullStore _before = new();
    private bool _isBroken;

    public static IUpgradeStore Create() => Create<IUpgradeStore, BrokenStore>();

    public static void Break(IUpgradeStore store) => ((BrokenStore)(object)store)._isBroken = true;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _isBroken && targetMethod!.Name != nameof(IAsyncDisposable.DisposeAsync)
        ? throw new InvalidOperationException($"{targetMethod.Name} with {string.Join(", ", args ?? [])}")
        : targetMethod!.Invoke(_before, args);
}
