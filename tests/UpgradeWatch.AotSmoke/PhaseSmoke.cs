using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.AotSmoke;

/// <summary>Walks the phases, and is refused once.</summary>
internal static class PhaseSmoke
{
    public static Task RunAsync()
    {
        Phase[] way = [Phase.PreUpgrade, Phase.Upgrading, Phase.PostUpgrade, Phase.Completed];
        for (var i = 1; i < way.Length; i++)
        {
            Expect.True(PhaseMachine.Check(way[i - 1], way[i]) is null, $"{way[i - 1]} may be followed by {way[i]}");
        }

        var refusal = PhaseMachine.Check(Phase.Completed, Phase.PreUpgrade);
        Expect.True(refusal?.AllowedMoves is ["rolling-back"], "a refusal names what is allowed");
        return Task.CompletedTask;
    }
}
