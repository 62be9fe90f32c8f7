using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Histories;
using UpgradeWatch.Analysis.Judges;
using UpgradeWatch.Analysis.Series;
using UpgradeWatch.Analysis.Tests.Simulation;

namespace UpgradeWatch.Analysis.Tests.Histories;

/// <summary>A series minute by minute around an upgrade: its history, and what it does afterwards.</summary>
internal sealed record Course
{
    public const int Day = 1440;

    public static readonly DateTimeOffset Afternoon = new(2026, 3, 4, 14, 0, 0, TimeSpan.Zero);

    public DateTimeOffset UpgradedAt { get; init; } = Afternoon;

    public int HistoryMinutes { get; init; } = 3 * Day;

    public ReferenceOptions Options { get; init; } = new();

    /// <summary>The value of the minute that ends at a time; minutes after the upgrade count from 0, those before are negative.</summary>
    public required Func<int, double> Value { get; init; }

    public double StepSeconds { get; init; } = 60;

    public Tolerance Tolerance { get; init; } = Tolerance.None;

    public string Unit { get; init; } = "bytes";

    /// <summary>The first minute after the upgrade.</summary>
    public long First => UpgradedAt.ToUnixTimeSeconds() / 60 + 1;

    public MinuteSeries History => new(First - HistoryMinutes, [.. Enumerable.Range(-HistoryMinutes, HistoryMinutes).Select(k => (float)Value(k))]);

    public SeriesReference? Reference => SeriesReference.Create(History, First, Options);

    /// <summary>Independent normal noise, the same for a seed.</summary>
    public static Func<int, double> Noise(int seed, double level = 100, double spread = 1) => Cached(seed, draw => level + spread * draw.Normal());

    /// <summary>Noise in which each minute remembers the one before.</summary>
    public static Func<int, double> Sluggish(int seed, double level = 100, double spread = 1, double memory = 0.9)
    {
        var now = 0.0;
        return Cached(seed, draw =>
        {
            now = memory * now + Math.Sqrt(1 - memory * memory) * draw.Normal();
            return level + spread * now;
        });
    }

    public static Func<int, double> Walk(int seed, double level = 1000)
    {
        var now = level;
        return Cached(seed, draw => now += draw.Normal());
    }

    /// <summary>Values drawn one after another, for 10 days before and a day after an upgrade.</summary>
    public static Func<int, double> Cached(int seed, Func<Draw, double> next)
    {
        const int Before = 10 * Day;
        var draw = new Draw(seed);
        double[] values = [.. Enumerable.Range(0, Before + Day).Select(_ => next(draw))];
        return k => values[k + Before];
    }

    /// <summary>Follows the series for so many minutes.</summary>
    public SeriesTest Follow(int minutes = 120)
    {
        var test = new SeriesTest(Reference!, Options.Direction);
        for (var k = 0; k < minutes; k++)
            test.Add(First + k, Value(k));
        return test;
    }

    /// <summary>The judge of the series after so many minutes, looked at after every step.</summary>
    public Watch Watch() => new(this);
}

/// <summary>A judge that is told a course step by step.</summary>
internal sealed class Watch
{
    private readonly Course _course;
    private readonly SliJudge _judge;
    private readonly long _upgradeStep;
    private long _step;

    public Watch(Course course)
        : this(course, course.Reference)
    {
    }

    public Watch(Course course, SeriesReference? reference)
    {
        _course = course;
        _upgradeStep = (long)Math.Floor(course.UpgradedAt.ToUnixTimeSeconds() / course.StepSeconds);
        var count = (int)(3600 / course.StepSeconds);
        StepSample[] baseline = [.. Enumerable.Range(1 - count, count).Select(i => Sample(_upgradeStep + i))];
        _judge = SliJudge.Create(Spec, baseline, reference is null ? null : new SliHistory { Reference = reference });
    }

    public SliSpec Spec => new()
    {
        Name = "memory",
        Measure = Measure.Gauge,
        Unit = _course.Unit,
        Direction = _course.Options.Direction,
        Tolerance = _course.Tolerance,
        StepSeconds = _course.StepSeconds,
    };

    /// <summary>Minutes from the upgrade to the first fail; null for none.</summary>
    public double? FailedAfter { get; private set; }

    public Watch Until(double minutes)
    {
        for (; (_step + 1) * _course.StepSeconds <= 60 * minutes; _step++)
        {
            _judge.Add(Sample(_upgradeStep + _step + 1));
            if (FailedAfter is null && Look().Status == FindingStatus.Fail)
                FailedAfter = (_step + 1) * _course.StepSeconds / 60;
        }

        return this;
    }

    public SliFinding Look(Stage stage = Stage.Watching) => _judge.Evaluate(new Moment(_course.UpgradedAt, stage));

    private StepSample Sample(long step)
    {
        var minute = (int)(Math.Ceiling(step * _course.StepSeconds / 60 - 1e-9) - _course.First);
        return new StepSample(step, StepState.None, _course.Value(minute), double.NaN);
    }
}
