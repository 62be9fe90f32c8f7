namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Which phase may follow which.</summary>
public static class PhaseMachine
{
    /// <summary>The phases that may follow one, in the order in which they are proposed; empty at an end.</summary>
    public static IReadOnlyList<Phase> AllowedFrom(Phase phase) => phase switch
    {
        Phase.PreUpgrade => [Phase.Upgrading, Phase.Aborted],
        Phase.Upgrading => [Phase.PostUpgrade, Phase.RollingBack, Phase.Aborted],
        Phase.PostUpgrade => [Phase.Completed, Phase.RollingBack, Phase.Aborted],
        Phase.Completed => [Phase.RollingBack],
        Phase.RollingBack => [Phase.RolledBack, Phase.Aborted],
        _ => [],
    };

    /// <summary>
    /// The moves from one phase to another by the shortest way, for a tool that does not tell each of them; empty when
    /// there is none. No way leads over an end.
    /// </summary>
    public static IReadOnlyList<Phase> PathTo(Phase from, Phase to)
    {
        var ways = new Queue<Phase[]>([[from]]);
        while (ways.TryDequeue(out var way))
        {
            foreach (var next in AllowedFrom(way[^1]))
            {
                if (next == to) return [.. way[1..], to];
                if (next.IsOpen()) ways.Enqueue([.. way, next]);
            }
        }

        return [];
    }

    /// <summary>The phases in which an upgrade may begin.</summary>
    public static IReadOnlyList<Phase> Beginnings { get; } = [Phase.PreUpgrade, Phase.Upgrading, Phase.PostUpgrade];

    /// <summary>The refusal of a move, or null when it is allowed.</summary>
    public static Refusal? Check(Phase from, Phase to)
    {
        var allowed = AllowedFrom(from);
        if (allowed.Contains(to)) return null;
        string[] names = [.. allowed.Select(p => p.ToText())];
        var next = names.Length == 0 ? "it has ended and moves no more" : $"allowed: {string.Join(", ", names)}";
        return new Refusal(RefusalKind.Conflict, $"phase '{to.ToText()}' cannot follow '{from.ToText()}'; {next}")
        {
            Field = "phase",
            AllowedMoves = names,
        };
    }
}
