using UpgradeWatch.Analysis.Where;

namespace UpgradeWatch.Engine.Breakdowns;

/// <summary>Puts a breakdown together row by row, for sources.</summary>
/// <param name="labels">Names of the labels.</param>
public sealed class BreakdownRows(IReadOnlyList<string> labels)
{
    private readonly Dictionary<string, Row> _events = [];
    private readonly Dictionary<string, Row> _exposures = [];

    /// <summary>Adds a count.</summary>
    /// <param name="isEvent">Whether it is one of events, or of what they are events of.</param>
    /// <param name="count">The count; below 0 it is taken off.</param>
    /// <param name="valueOf">The value of a label; null or empty for none.</param>
    /// <param name="isSince">Whether it is from since the finding began, or from before the upgrade.</param>
    public void Add(bool isEvent, double count, Func<string, string?> valueOf, bool isSince)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        string[] values = [.. labels.Select(label => valueOf(label) ?? "")];
        var rows = isEvent ? _events : _exposures;
        var key = string.Join('\0', values);
        if (!rows.TryGetValue(key, out var row)) rows.Add(key, row = new Row(values));
        if (isSince) row.Since += count;
        else row.Before += count;
    }

    /// <summary>The breakdown.</summary>
    /// <param name="secondsBefore">Length of the time before.</param>
    /// <param name="secondsSince">Length of the time since.</param>
    /// <param name="samples">Samples fetched for it.</param>
    public Breakdown Build(double secondsBefore, double secondsSince, long samples) => new()
    {
        Labels = labels,
        Events = Rows(_events),
        Exposures = Rows(_exposures),
        SecondsBefore = secondsBefore,
        SecondsSince = secondsSince,
        Samples = samples,
    };

    private static List<LabelledCount> Rows(Dictionary<string, Row> rows) =>
        [.. rows.Values.Select(row => new LabelledCount(row.Values, Math.Max(0, row.Before), Math.Max(0, row.Since)))];

    private sealed class Row(string[] values)
    {
        public string[] Values { get; } = values;

        public double Before { get; set; }

        public double Since { get; set; }
    }
}
