using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Storage.Tests.Records;

/// <summary>Plain records for tests that are about something else.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Upgrade Upgrade(string id = "01A", string target = "checkout", Phase phase = Phase.PreUpgrade, DateTimeOffset? created = null) => new()
    {
        Id = id,
        Revision = 1,
        Target = target,
        ToVersion = "1.5.0",
        ObservationSeconds = 3600,
        CreatedAt = created ?? Noon,
        History = [new PhaseEntry(phase, created ?? Noon, created ?? Noon)],
        Checklist = [],
        Verdict = Verdict.Nothing,
    };

    public static OutboxEntry Entry(OutboxAction action = OutboxAction.Point, string key = "0123456789abcdef", string upgradeId = "01A", string sink = "grafana") => new()
    {
        Sink = sink,
        Action = action,
        Key = key,
        UpgradeId = upgradeId,
        At = Noon,
        Text = "checkout: upgrading to 1.5.0",
        Tags = ["upgradewatch", "target:checkout"],
    };

    public static EngineEvent Event(string upgradeId = "01A", string state = "upgrading") => new()
    {
        Type = "phase",
        At = Noon,
        UpgradeId = upgradeId,
        Target = "checkout",
        State = state,
    };

    /// <summary>Steps of 15 s whose gauge is the index of the step.</summary>
    public static StepBlock Steps(long first, int count, string signal = "cpu", double offset = 0) => new()
    {
        StepSeconds = 15,
        FirstStep = first,
        Count = count,
        Up = [.. Enumerable.Repeat(3, count)],
        Down = new int[count],
        Started = new bool[count],
        Samples = count,
        Signals = new Dictionary<string, SignalSteps>
        {
            [signal] = new() { Values = [.. Enumerable.Range(0, count).Select(n => first + n + offset)] },
        },
    };

    public static StoreChange Change(params Upgrade[] upgrades) => new(upgrades);
}
