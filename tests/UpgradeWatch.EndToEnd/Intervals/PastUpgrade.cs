using System.Globalization;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Intervals;

/// <summary>An upgrade of two pods that happened in the past, with the samples that were scraped before and after.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Interval">Time between two scrapes.</param>
/// <param name="Baseline">How much history there is before the upgrade.</param>
/// <param name="Observation">How long it is watched.</param>
/// <param name="After">What is wrong with the new version.</param>
/// <param name="Seed">Of the samples.</param>
internal sealed record PastUpgrade(string Target, TimeSpan Interval, TimeSpan Baseline, TimeSpan Observation, Faults After, int Seed)
{

    // One pod after the other, a scrape apart; then all of the new version runs.
    private const int RolloutScrapes = 3;

    // Short steps need more requests in a second to say as much.
    private double RequestsPerSecondOfPod => Interval.TotalSeconds < 5 ? 100 : 20;

    /// <summary>Its target in the configuration.</summary>
    public string Yaml => string.Create(
        CultureInfo.InvariantCulture,
        $"  - {{ name: {Target}, profile: aspnetcore, labels: {{ job: {Target} }}, evaluation: {{ stepSeconds: {Interval.TotalSeconds}, baselineSeconds: {Baseline.TotalSeconds}, observationSeconds: {Observation.TotalSeconds}, minimumSeconds: {Observation.TotalSeconds / 2} }} }}\n");

    /// <summary>When the upgrade began, for samples that end at a time.</summary>
    public DateTimeOffset BeganAt(DateTimeOffset end) => DoneAt(end) - (RolloutScrapes * Interval);

    /// <summary>When the new version was in place; the window ends a little before the samples do.</summary>
    public DateTimeOffset DoneAt(DateTimeOffset end) => end - Observation - (2 * Interval);

    /// <summary>Writes all samples until a time.</summary>
    public void Write(OpenMetricsWriter writer, DateTimeOffset end)
    {
        var began = BeganAt(end);
        PodHistory[] pods = [Pod(0), Pod(1)];
        PodHistory.Write(writer, pods, began - Baseline - (2 * Interval), began, Interval);
        Restart(pods[0]);
        PodHistory.Write(writer, pods, began, began + Interval, Interval);
        Restart(pods[1]);
        PodHistory.Write(writer, pods, began + Interval, end, Interval);
    }

    private PodHistory Pod(int number) => new(Target, $"10.0.{number}.1:8080", Seed + number) { RequestsPerSecond = RequestsPerSecondOfPod };

    private void Restart(PodHistory pod)
    {
        pod.Restart();
        pod.Faults = After;
    }
}
