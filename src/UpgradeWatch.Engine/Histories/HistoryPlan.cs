using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Histories;

/// <summary>How the history of a target is asked for, and which minute its steps belong to.</summary>
internal sealed class HistoryPlan
{
    /// <summary>The history is kept in minutes, whatever the step.</summary>
    public const double MinuteSeconds = 60;

    private const int MinutesOfDay = 1440;
    private const int MostStepsAtOnce = 6000;
    private const int FewestMinutesAtOnce = 60;
    private const double Tiny = 1e-9;

    /// <summary>Prepares it.</summary>
    /// <param name="plan">The plan of the target.</param>
    /// <param name="answersAnyStep">Whether the source can be asked for minutes; otherwise its own steps are put together.</param>
    public HistoryPlan(TargetPlan plan, bool answersAnyStep)
    {
        Slis = [.. plan.Slis.Where(sli => sli.Part != SignalPart.Distribution)];
        var signals = Slis.Select(sli => sli.Signal).ToHashSet();
        Plan = plan with
        {
            StepSeconds = answersAnyStep ? Math.Ceiling((MinuteSeconds / plan.ScrapeIntervalSeconds) - Tiny) * plan.ScrapeIntervalSeconds : plan.StepSeconds,
            SeesAnyUp = false,
            Signals = [.. plan.Signals.Where(signal => signals.Contains(signal.Name))],
        };
        Key = KeyOf(Plan);
    }

    /// <summary>What is asked of the source.</summary>
    public TargetPlan Plan { get; }

    /// <summary>SLIs whose history is kept; a whole histogram is not.</summary>
    public IReadOnlyList<SliDefinition> Slis { get; }

    /// <summary>The same for plans that ask the same.</summary>
    public string Key { get; }

    /// <summary>Seconds that the value of a minute covers.</summary>
    public double ValueSeconds => Math.Max(MinuteSeconds, Plan.StepSeconds);

    /// <summary>How many numbers a minute of the target is: two for a ratio, one for any other SLI.</summary>
    public int NumbersPerMinute => Slis.Sum(sli => sli.Part == SignalPart.Errors ? 2 : 1);

    /// <summary>How many minutes are read at once: a day, or fewer where the steps are short.</summary>
    public int MinutesAtOnce => (int)Math.Clamp(MostStepsAtOnce * Plan.StepSeconds / MinuteSeconds, FewestMinutesAtOnce, MinutesOfDay);

    /// <summary>The minute that a step of some length ends in.</summary>
    public static long MinuteOf(long step, double stepSeconds) => (long)Math.Ceiling((step * stepSeconds / MinuteSeconds) - Tiny);

    /// <summary>The minute that is over at a time, or was over last before it.</summary>
    public static long MinuteAt(DateTimeOffset time) => (long)Math.Floor(((time - DateTimeOffset.UnixEpoch).TotalSeconds / MinuteSeconds) + Tiny);

    /// <summary>The end of a minute.</summary>
    public static DateTimeOffset EndOf(long minute) => DateTimeOffset.UnixEpoch.AddSeconds(minute * MinuteSeconds);

    /// <summary>The steps that end in the minutes from <paramref name="first"/> up to but without <paramref name="end"/>; null for none.</summary>
    public (long First, long Last)? StepsOf(long first, long end)
    {
        var before = StepAtEndOf(first - 1);
        var last = StepAtEndOf(end - 1);
        return last > before ? (before + 1, last) : null;
    }

    private long StepAtEndOf(long minute) => (long)Math.Floor((minute * MinuteSeconds / Plan.StepSeconds) + Tiny);

    /// <summary>How quantiles are read off buckets: another reading makes another history of the same samples.</summary>
    private const string QuantileReading = "log-normal";

    private static string KeyOf(TargetPlan plan)
    {
        string[] parts =
        [
            QuantileReading,
            string.Create(CultureInfo.InvariantCulture, $"{plan.Source} {plan.StepSeconds:R} {plan.ScrapeIntervalSeconds:R} {plan.HasUp} {plan.HasProcessStart}"),
            plan.TargetMatches.ToPromQl(),
            .. plan.Signals.Select(Describe),
            .. plan.Slis.Select(sli => string.Create(CultureInfo.InvariantCulture, $"{sli.Name} {sli.Signal} {sli.Part} {sli.Quantile:R}")),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    private static string Describe(SignalDefinition signal) => string.Create(
        CultureInfo.InvariantCulture,
        $"{signal.Name}|{Text(signal.All)}|{Text(signal.Bad)}|{signal.Buckets?.ToPromQl()}|{signal.BoundUnitSeconds:R}|{signal.Gauge?.Value?.ToPromQl()}|{signal.Gauge?.Per?.ToPromQl()}|{signal.Gauge?.Query}|{signal.Gauge?.IsRate} {signal.Gauge?.Aggregation}");

    private static string Text(IReadOnlyList<Selector> selectors) => string.Join(' ', selectors.Select(selector => selector.ToPromQl()));
}
