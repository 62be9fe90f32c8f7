using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Upgrades;

/// <summary>Waits for a history that takes longer than the test kit waits for anything.</summary>
internal static class History
{
    private const int ScrapesPerWait = 30;

    /// <summary>Waits until every target of the job has been scraped successfully that many times, a second apart.</summary>
    public static async Task WaitForHistoryAsync(this PrometheusServer prometheus, string job, int scrapes)
    {
        for (var part = ScrapesPerWait; part < scrapes; part += ScrapesPerWait) await prometheus.WaitForScrapesAsync(job, part);
        await prometheus.WaitForScrapesAsync(job, scrapes);
    }
}
