namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Where an upgrade stands.</summary>
public enum Phase
{
    /// <summary>Announced; nothing has changed yet.</summary>
    PreUpgrade,

    /// <summary>The new version is being rolled out. Its start is the time of the upgrade.</summary>
    Upgrading,

    /// <summary>Rolled out; being watched.</summary>
    PostUpgrade,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>The old version is being put back.</summary>
    RollingBack,

    /// <summary>The old version is back.</summary>
    RolledBack,

    /// <summary>Given up.</summary>
    Aborted,
}

/// <summary>The names of the phases as they are written everywhere.</summary>
public static class PhaseNames
{
    private static readonly string[] Names =
        ["pre-upgrade", "upgrading", "post-upgrade", "completed", "rolling-back", "rolled-back", "aborted"];

    /// <summary>All names in the order of <see cref="Phase"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a phase.</summary>
    public static string ToText(this Phase phase) => Names[(int)phase];

    /// <summary>Whether an upgrade in this phase is open: every phase but completed, rolled-back and aborted.</summary>
    public static bool IsOpen(this Phase phase) => phase is not (Phase.Completed or Phase.RolledBack or Phase.Aborted);

    /// <summary>Finds the phase of a name.</summary>
    public static bool TryParse(string? text, out Phase phase)
    {
        var index = Array.IndexOf(Names, text);
        phase = index < 0 ? default : (Phase)index;
        return index >= 0;
    }
}
