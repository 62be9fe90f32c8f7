using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.EndToEnd.Infrastructure;

public sealed class PrometheusServerTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    public async Task Imported_history_can_be_queried_right_after_the_start(int intervalSeconds)
    {
        var end = TimeProvider.System.GetUtcNow();
        await using var prometheus = new PrometheusServer();
        await prometheus.ImportBlocksAsync(writer => WriteCounter(writer, end.AddHours(-30), end, intervalSeconds));

        await prometheus.StartAsync();

        // Ten events a second for all of 30 hours, at the end and at the beginning.
        Assert.Equal(10, (await prometheus.Query.ValueAsync("sum(rate(orders_total[5m]))"))!.Value, 0.5);
        Assert.Equal(10, (await prometheus.Query.ValueAsync("sum(rate(orders_total[5m] offset 29h))"))!.Value, 0.5);
        Assert.Equal(30 * 3600 / intervalSeconds, (await prometheus.Query.ValueAsync("count_over_time(orders_total[31h])"))!.Value);
    }

    [Fact]
    public async Task Imported_history_goes_on_in_what_is_scraped_and_outlives_a_kill()
    {
        await using var prometheus = new PrometheusServer();
        var end = TimeProvider.System.GetUtcNow();
        await prometheus.ImportBlocksAsync(writer => WriteCounter(writer, end.AddSeconds(-150), end, 1));
        await prometheus.StartAsync();
        await prometheus.ReconfigureAsync(new ScrapeJob("prometheus", prometheus.Url.Authority)
        {
            Interval = TimeSpan.FromMilliseconds(200),
            Labels = new Dictionary<string, string> { ["namespace"] = "it's" },
        });
        await prometheus.WaitForScrapesAsync("prometheus", 3);

        await prometheus.KillAsync();
        await prometheus.RestartAsync();

        Assert.Equal(150, await prometheus.Query.ValueAsync("count_over_time(orders_total[10m])"));
        Assert.True(await prometheus.Query.ValueAsync("""sum(sum_over_time(up{namespace="it's"}[10m]))""") >= 3);
    }

    [Fact]
    public async Task A_held_server_answers_again_once_it_goes_on()
    {
        await using var prometheus = await PrometheusServer.StartNewAsync();

        prometheus.Suspend();
        var answer = prometheus.Query.ValueAsync("vector(1)");
        Assert.False(answer.IsCompleted);
        prometheus.Resume();

        Assert.Equal(1, await answer);
    }

    private static void WriteCounter(OpenMetricsWriter writer, DateTimeOffset from, DateTimeOffset until, int intervalSeconds)
    {
        var labels = OpenMetricsWriter.Labels(("job", "shop"), ("pod", "shop-1"));
        for (var at = from.AddSeconds(intervalSeconds); at <= until; at = at.AddSeconds(intervalSeconds))
        {
            writer.Sample("orders_total", labels, at, 10 * (at - from).TotalSeconds);
        }
    }
}
