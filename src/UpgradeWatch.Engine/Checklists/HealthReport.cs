namespace UpgradeWatch.Engine.Checklists;

/// <summary>How a target's instances are, whatever its traffic.</summary>
/// <param name="Health">Up when at least one is ready and nothing is wrong; down when something is.</param>
/// <param name="Troubles">What is wrong, a sentence each, the worst first; empty for nothing.</param>
public sealed record HealthReport(TargetHealth Health, IReadOnlyList<string> Troubles)
{
    /// <summary>Nothing is known.</summary>
    public static HealthReport Unknown { get; } = new(TargetHealth.Unknown, []);

    /// <summary>
    /// What several who looked have said together: one who sees something wrong is believed, and one who sees nothing
    /// says nothing against it.
    /// </summary>
    public static HealthReport Together(params IReadOnlyList<HealthReport> reports)
    {
        var down = reports.Where(report => report.Health == TargetHealth.Down).ToList();
        if (down.Count > 0) return new HealthReport(TargetHealth.Down, [.. down.SelectMany(report => report.Troubles)]);
        return reports.Any(report => report.Health == TargetHealth.Up) ? new HealthReport(TargetHealth.Up, []) : Unknown;
    }
}
