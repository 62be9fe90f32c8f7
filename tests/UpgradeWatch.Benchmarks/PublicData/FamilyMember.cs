using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Benchmarks.PublicData;

/// <summary>One SLI of an upgrade that is put together from real series: all of them are upgraded in the same minute.</summary>
/// <param name="Reference">What its history says.</param>
/// <param name="Baseline">The hour before.</param>
/// <param name="After">What came after.</param>
internal sealed record FamilyMember(SeriesReference Reference, StepSample[] Baseline, StepSample[] After)
{
    /// <summary>The first minute after the upgrade, the same for all.</summary>
    private const long UpgradedAt = 1_000_000;

    private const int HistoryMinutes = 3 * 1440;
    private const int BaselineMinutes = 60;
    private const int ObservedMinutes = 120;

    /// <summary>A member; null where the series has no history to speak of.</summary>
    /// <param name="series">The series.</param>
    /// <param name="changeAt">The moment that becomes the upgrade, seconds since 1970.</param>
    /// <param name="noise">Spread of noise added to it, in its own median steps; 0 for none.</param>
    /// <param name="seed">Of the noise.</param>
    public static FamilyMember? Create(RealSeries series, double changeAt, double noise = 0, int seed = 0)
    {
        var values = new float[HistoryMinutes + ObservedMinutes];
        Array.Fill(values, float.NaN);
        foreach (var row in series.Rows)
        {
            var index = HistoryMinutes + (long)Math.Floor((row.Timestamp - changeAt) / 60);
            if (index >= 0 && index < values.Length) values[index] = (float)row.Value;
        }

        AddNoise(values, noise, new Draw(seed));
        var reference = SeriesReference.Create(new MinuteSeries(UpgradedAt - HistoryMinutes, values[..HistoryMinutes]), UpgradedAt, new ReferenceOptions());
        return reference is null ? null : new FamilyMember(reference, Steps(values, HistoryMinutes - BaselineMinutes, HistoryMinutes), Steps(values, HistoryMinutes, values.Length));
    }

    /// <summary>Which of them fail at 1 %, judged together step by step.</summary>
    public static bool[] Judge(IReadOnlyList<FamilyMember> members)
    {
        var references = SeriesFamily.Join([.. members.Select(member => member.Reference)]);
        return [.. members.Zip(references, (member, reference) => member.Fails(reference))];
    }

    private bool Fails(SeriesReference reference)
    {
        var judge = SliJudge.Create(Spec, Baseline, new SliHistory { Reference = reference });
        var moment = new Moment(StepTimeOf(UpgradedAt - 1), Stage.Watching);
        foreach (var step in After)
        {
            judge.Add(step);
            if (judge.Evaluate(moment).Status == FindingStatus.Fail) return true;
        }

        return false;
    }

    private static SliSpec Spec { get; } = new()
    {
        Name = "value",
        Measure = Measure.Gauge,
        Unit = "",
        Direction = Direction.Both,
        Tolerance = Tolerance.None,
        StepSeconds = 60,
    };

    private static StepSample[] Steps(float[] values, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(index => new StepSample(UpgradedAt - HistoryMinutes + index, StepState.None, values[index], double.NaN))];

    private static DateTimeOffset StepTimeOf(long minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    private static void AddNoise(float[] values, double noise, Draw draw)
    {
        if (noise == 0) return;
        var steps = values.Zip(values.Skip(1), (a, b) => Math.Abs(b - a)).Where(step => step > 0).Order().ToArray();
        var spread = steps.Length == 0 ? 0 : noise * steps[steps.Length / 2];
        for (var i = 0; i < values.Length; i++) values[i] += (float)(spread * draw.Normal());
    }
}
