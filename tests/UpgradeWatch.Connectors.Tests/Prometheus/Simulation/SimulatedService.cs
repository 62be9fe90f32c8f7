using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus.Simulation;

/// <summary>The past of a service as Prometheus scraped it, with the truth.</summary>
internal static class SimulatedService
{
    /// <summary>Writes it; the last scrape lies in the interval before <paramref name="end"/>.</summary>
    public static ScrapeTruth Write(OpenMetricsWriter writer, PodScenario scenario, DateTimeOffset end, int seed)
    {
        var random = new Random(seed);
        var truth = new ScrapeTruth();
        var begin = end - (scenario.Scrapes * scenario.Interval);
        var pods = Enumerable.Range(0, scenario.Pods).Select(i => Pod($"old-{i}:80", begin)).ToArray();
        for (var scrape = 0; scrape < scenario.Scrapes; scrape++)
        {
            var tick = begin + (scrape * scenario.Interval);
            Change(scrape, tick);
            foreach (var pod in pods)
            {
                pod.Scrape(writer, truth, scrape, tick);
            }
        }

        return truth;

        // Away from the ends of the interval, so that jitter never puts two scrapes into one.
        SimulatedPod Pod(string instance, DateTimeOffset startedAt) => new(scenario, instance, 0.3 + (0.4 * random.NextDouble()), startedAt, random);

        void Change(int scrape, DateTimeOffset tick)
        {
            if (scrape == scenario.CounterResetAt)
            {
                Array.ForEach(pods, pod => pod.Restart(tick));
            }

            if (scrape - scenario.RollingRestartAt is { } since and >= 0 && since % 2 == 0 && since / 2 < pods.Length)
            {
                pods[since / 2] = Pod($"new-{since / 2}:80", tick);
            }
        }
    }
}
