using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Upgrades;

public sealed class PhaseMachineTests
{
    [Theory]
    [InlineData("pre-upgrade", "upgrading aborted")]
    [InlineData("upgrading", "post-upgrade rolling-back aborted")]
    [InlineData("post-upgrade", "completed rolling-back aborted")]
    [InlineData("completed", "rolling-back")]
    [InlineData("rolling-back", "rolled-back aborted")]
    [InlineData("rolled-back", "")]
    [InlineData("aborted", "")]
    public void Only_the_moves_of_the_table_are_allowed(string from, string allowed)
    {
        Assert.True(PhaseNames.TryParse(from, out var phase));
        var expected = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        foreach (var name in PhaseNames.All)
        {
            Assert.True(PhaseNames.TryParse(name, out var to));
            Assert.Equal(expected.Contains(name), PhaseMachine.Check(phase, to) is null);
        }
    }

    [Fact]
    public void A_refusal_names_the_moves_that_are_allowed()
    {
        var refusal = PhaseMachine.Check(Phase.Upgrading, Phase.Completed)!;

        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Equal(["post-upgrade", "rolling-back", "aborted"], refusal.AllowedMoves);
        Assert.Contains("'completed' cannot follow 'upgrading'", refusal.Detail, StringComparison.Ordinal);
    }
}
