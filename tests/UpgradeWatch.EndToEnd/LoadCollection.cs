using UpgradeWatch.EndToEnd.Outages;
using UpgradeWatch.EndToEnd.Upgrades;

namespace UpgradeWatch.EndToEnd;

/// <summary>
/// The tests whose services are under real load. What they wait for happens side by side, once for all of them, and
/// while no other test of this project runs.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LoadCollection : ICollectionFixture<LoadFixture>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "load";
}

/// <summary>What runs side by side. A test awaits what it is about, so that trouble in one part is that part's alone.</summary>
public sealed class LoadFixture
{
    private readonly Task<UpgradeResults> _upgrades = Task.Run(UpgradeRun.RunAsync);
    private readonly Task<OutageResults> _outage;

    // At the full size the other services are so many that their start alone would slow down what is compared here.
    public LoadFixture() => _outage = Task.Run(async () =>
    {
        if (UpgradeRun.IsFull) await Task.WhenAny(_upgrades);
        return await OutageRun.RunAsync();
    });

    internal Task<UpgradeResults> UpgradesAsync() => _upgrades;

    internal Task<OutageResults> OutageAsync() => _outage;
}
