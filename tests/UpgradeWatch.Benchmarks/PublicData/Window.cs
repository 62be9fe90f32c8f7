namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>What the simple methods look at: the hour before a change and so many minutes after it.</summary>
internal sealed record Window(double[] Before, double[] After)
{
    private const double BaselineSeconds = 3600;

    public static Window Of(LabelledChange change, double minutes)
    {
        var at = change.ChangeAt;
        var rows = change.Series.Rows.Where(row => double.IsFinite(row.Value)).ToArray();
        return new Window(
            [.. rows.Where(row => row.Timestamp >= at - BaselineSeconds && row.Timestamp < at).Select(row => row.Value)],
            [.. rows.Where(row => row.Timestamp >= at && row.Timestamp < at + 60 * minutes).Select(row => row.Value)]);
    }
}
