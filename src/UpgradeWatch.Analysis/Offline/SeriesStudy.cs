using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;

namespace UpgradeWatch.Analysis.Offline;

/// <summary>
/// A series with a change in it, with all that its history says, ready to be judged at any level: step by step, by the
/// judges that watch live upgrades, and as if the window had closed after the last row. The series is critical, and no
/// warm-up is left out.
/// </summary>
public sealed class SeriesStudy
{
    private readonly SeriesInput _input;
    private readonly Timeline _timeline;
    private readonly IReadOnlyList<GridRow> _rows;
    private readonly IReadOnlyList<SliRun> _runs;

    /// <summary>Infers the step from the rows, splits them at the change and makes the references.</summary>
    /// <exception cref="ArgumentException">The bounds and the rows contradict each other; the message names how.</exception>
    public SeriesStudy(SeriesInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        SeriesRow[] rows = [.. input.Rows.Where(IsLookedAt).OrderBy(row => row.Timestamp)];
        _timeline = new Timeline(Array.ConvertAll(rows, row => row.Timestamp), input.ChangeAt);
        _rows = Place(rows, _timeline);
        _runs = RunPlanner.Plan(input, _timeline, [.. _rows.Where(row => row.Index < 0)], [.. _rows.Where(row => row.Index >= 0)]);
    }

    /// <summary>Judges it.</summary>
    /// <param name="alpha">False-alarm level of the whole series, in (0, 0.5]; shared evenly by the count tests and the series tests where there are both.</param>
    public SeriesResult Judge(double alpha)
    {
        var upgradedAt = StepTime.FromUnixSeconds(_timeline.Boundary);
        var families = _runs.Select(run => run.History?.Reference is null).Distinct().Count();
        SliOutcome[] outcomes = [.. _runs.Select(run => run.Judge(upgradedAt, alpha / families, WarnLevel.Of(alpha) / families))];
        var said = outcomes.MinBy(outcome => Rank(outcome.Finding.Status))!;
        var course = Join(outcomes, families);
        return new SeriesResult
        {
            Finding = said.Finding with { PValue = Smallest(outcomes.Select(outcome => outcome.Finding.PValue), families) },
            ChangeAt = _input.ChangeAt,
            Alpha = alpha,
            StepSeconds = _timeline.StepSeconds,
            Course = course,
            Band = BandDrawing.Draw(_input, _rows, _timeline, said, alpha / families),
        };
    }

    private bool IsLookedAt(SeriesRow row) => double.IsFinite(row.Timestamp)
        && row.Timestamp >= _input.ChangeAt - _input.HistorySeconds
        && row.Timestamp < _input.ChangeAt + _input.ObservedSeconds;

    /// <summary>Of rows of the same step the last counts.</summary>
    private static List<GridRow> Place(SeriesRow[] rows, Timeline timeline)
    {
        var placed = new List<GridRow>(rows.Length);
        foreach (var row in rows)
        {
            var index = timeline.IndexOf(row.Timestamp);
            if (placed.Count > 0 && placed[^1].Index == index)
                placed.RemoveAt(placed.Count - 1);
            placed.Add(new GridRow(index, row));
        }

        return placed;
    }

    /// <summary>The first that holds decides, as for a verdict over SLIs that are all critical.</summary>
    private static int Rank(FindingStatus status) => status switch
    {
        FindingStatus.Fail => 0,
        FindingStatus.Inconclusive => 1,
        FindingStatus.Warn => 2,
        FindingStatus.Pending => 3,
        _ => 4,
    };

    /// <summary>The smallest p-value, corrected for the number of families that each could have given it.</summary>
    private static double? Smallest(IEnumerable<double?> values, int families) => values.Min() is { } least ? Math.Min(1, families * least) : null;

    private static IReadOnlyList<CoursePoint> Join(SliOutcome[] outcomes, int families)
    {
        if (outcomes.Length == 1)
            return outcomes[0].Course;

        var latest = new CoursePoint?[outcomes.Length];
        var course = new List<CoursePoint>();
        foreach (var (point, index) in outcomes.SelectMany((outcome, index) => outcome.Course.Select(point => (point, index))).OrderBy(entry => entry.point.Timestamp))
        {
            latest[index] = point;
            var status = latest.OfType<CoursePoint>().MinBy(known => Rank(known.Status)).Status;
            var joined = new CoursePoint(point.Timestamp, status, Smallest(latest.Select(known => known?.PValue), families));
            if (course.Count > 0 && course[^1].Timestamp == point.Timestamp)
                course[^1] = joined;
            else
                course.Add(joined);
        }

        return course;
    }
}
