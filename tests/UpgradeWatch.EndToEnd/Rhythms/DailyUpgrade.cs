using System.Globalization;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Rhythms;

/// <summary>
/// An upgrade that happened an hour ago, of a service whose traffic and latency are twice as large by day as by night,
/// halfway between the two: within an hour its latency changes by 20 % of itself.
/// </summary>
/// <param name="Target">Name of the target.</param>
/// <param name="IsRising">Whether traffic and latency were on their way up, or down.</param>
/// <param name="LatencyFactor">What the new version does to every latency.</param>
/// <param name="Seed">Of the samples.</param>
internal sealed record DailyUpgrade(string Target, bool IsRising, double LatencyFactor, int Seed)
{
    /// <summary>Days of history.</summary>
    public const int Days = 5;

    // Half the logarithm of the factor between night and day, and how much steeper than a sine it is between them.
    private const double Swing = 0.35;
    private const double Steepness = 2;
    private const double RequestsPerSecond = 30;
    private const double UsualLatency = 1.45;

    // From one minute to the next, independent of one another.
    private const double TrafficNoise = 0.05;
    private const double LatencyNoise = 0.02;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Observation = TimeSpan.FromHours(1);

    /// <summary>Its target in the configuration.</summary>
    public string Yaml => string.Create(
        CultureInfo.InvariantCulture,
        $"  - {{ name: {Target}, profile: aspnetcore, labels: {{ job: {Target} }}, evaluation: {{ stepSeconds: 60, observationSeconds: {Observation.TotalSeconds}, historySeconds: {TimeSpan.FromDays(Days).TotalSeconds} }} }}\n");

    /// <summary>When it began, for samples that end at a time.</summary>
    public static DateTimeOffset BeganAt(DateTimeOffset end) => DoneAt(end) - Minute;

    /// <summary>When the new version was in place; the window ends a little before the samples do.</summary>
    public static DateTimeOffset DoneAt(DateTimeOffset end) => end - Observation - (2 * Minute);

    /// <summary>Writes all samples until a time.</summary>
    public void Write(OpenMetricsWriter writer, DateTimeOffset end)
    {
        var began = BeganAt(end);
        var pod = new PodHistory(Target, "10.0.0.1:8080", Seed);
        var noise = new Random(Seed + 7);
        for (var at = began - TimeSpan.FromDays(Days); at < end; at += Minute)
        {
            if (at == began) pod.Restart();
            var level = Swing * Math.Tanh(Steepness * Math.Sin(2 * Math.PI * (at - began) / TimeSpan.FromDays(1))) * (IsRising ? 1 : -1);
            pod.RequestsPerSecond = RequestsPerSecond * Math.Exp(level + (TrafficNoise * noise.NextNormal()));
            var latency = UsualLatency * Math.Exp(level + (LatencyNoise * noise.NextNormal()));
            pod.Faults = new Faults { LatencyFactor = at < began ? latency : latency * LatencyFactor };
            PodHistory.Write(writer, [pod], at, at + Minute, Minute);
        }
    }
}
