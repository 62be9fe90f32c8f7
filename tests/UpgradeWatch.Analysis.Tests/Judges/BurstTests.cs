using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;
using static UpgradeWatch.Analysis.Tests.Judges.Scene;

namespace UpgradeWatch.Analysis.Tests.Judges;

/// <summary>New versions that fail now and then: what comes in bursts after the upgrade varies more, and is no less bad for it.</summary>
public class BurstTests
{
    [Theory]
    [InlineData(1000, 20, 0.3)]
    [InlineData(1000, 20, 0.1)]
    [InlineData(100, 20, 0.5)]
    [InlineData(1000, 8, 0.05)]
    public void Every_so_often_a_step_full_of_errors_fails(int requests, int everySteps, double share) => All(seed =>
    {
        var scene = Before(seed, requests, out var random);
        for (var step = 1; step <= 240; step++) scene.Then(1, Drawn(random, requests, step % everySteps == 0 ? share : 0.001));
        return scene;
    });

    [Fact]
    public void Half_of_the_requests_gone_in_every_second_step_fails() => All(seed =>
    {
        var random = new Draw(seed);
        var scene = new Scene(Traffic, Enumerable.Range(0, 240).Select(_ => Count(random.Poisson(1000))));
        for (var step = 0; step < 240; step++) scene.Then(1, Count(step % 2 == 0 ? 0 : random.Poisson(1000)));
        return scene;
    });

    [Theory]
    [InlineData(0.2, 20, 5)]
    [InlineData(0.45, 60, 5)]
    public void A_hiccup_soon_after_the_upgrade_does_not_hide_what_goes_wrong_later(double hiccup, int from, double factor) => All(seed =>
    {
        const int Requests = 1000;
        var scene = Before(seed, Requests, out var random);
        for (var step = 1; step <= 240; step++) scene.Then(1, Drawn(random, Requests, step == 10 ? hiccup : 0.001 * (step >= from ? factor : 1)));
        return scene;
    });

    private static Scene Before(int seed, int requests, out Draw random)
    {
        var drawn = random = new Draw(seed);
        return new Scene(Errors, Enumerable.Range(0, 240).Select(_ => Drawn(drawn, requests, 0.001)));
    }

    private static StepSample Drawn(Draw random, int requests, double share) => Ratio(Math.Min(requests, random.Poisson(requests * share)), requests);

    private static void All(Func<int, Scene> upgrade)
    {
        const int Upgrades = 20;
        var failed = Enumerable.Range(1, Upgrades).Count(seed => upgrade(seed).Look(Stage.Closed).Status == FindingStatus.Fail);
        Assert.True(failed >= 0.9 * Upgrades, $"{failed} of {Upgrades} failed");
    }
}
