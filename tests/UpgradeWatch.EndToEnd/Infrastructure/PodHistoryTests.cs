using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.TestKit.SampleService;

namespace UpgradeWatch.EndToEnd.Infrastructure;

public sealed class PodHistoryTests
{
    [Fact]
    public async Task A_drawn_past_of_two_pods_is_what_Prometheus_answers()
    {
        var end = TimeProvider.System.GetUtcNow();
        var pods = new[] { Pod(1), Pod(2) };
        await using var prometheus = new PrometheusServer();

        // Two good hours, a restart, then half an hour with one error in ten requests at double latency.
        await prometheus.ImportBlocksAsync(writer =>
        {
            PodHistory.Write(writer, pods, end.AddMinutes(-150), end.AddMinutes(-30), TimeSpan.FromSeconds(60));
            foreach (var pod in pods)
            {
                pod.Restart();
                pod.Faults = new Faults { ErrorRatio = 0.1, LatencyFactor = 2 };
            }

            PodHistory.Write(writer, pods, end.AddMinutes(-30), end, TimeSpan.FromSeconds(60));
        });
        await prometheus.StartAsync();

        const string requests = "http_server_request_duration_seconds_count{job=\"shop\"";
        Assert.Equal(40, (await prometheus.Query.ValueAsync($"sum(rate({requests}}}[20m]))"))!.Value, 2.0);
        Assert.Equal(40, (await prometheus.Query.ValueAsync($"sum(rate({requests}}}[20m] offset 1h))"))!.Value, 2.0);
        Assert.Null(await prometheus.Query.ValueAsync($"sum({requests},http_response_status_code=\"500\"}} offset 1h)"));
        Assert.Equal(0.1, (await prometheus.Query.ValueAsync(
            $"sum(rate({requests},http_response_status_code=\"500\"}}[20m])) / sum(rate({requests}}}[20m]))"))!.Value, 0.01);
        Assert.Equal(0.02, (await prometheus.Query.ValueAsync(Median("[20m] offset 1h")))!.Value, 0.005);
        Assert.Equal(0.04, (await prometheus.Query.ValueAsync(Median("[20m]")))!.Value, 0.008);
        Assert.Equal(2, await prometheus.Query.ValueAsync("count(count by (pod) (up{namespace=\"prod\"}))"));
        Assert.Equal(2, await prometheus.Query.ValueAsync("sum(changes(process_start_time_seconds[3h]))"));
    }

    private static PodHistory Pod(int number) =>
        new("shop", $"10.0.0.{number}:8080", seed: 40 + number, ("namespace", "prod"), ("pod", $"shop-{number}")) { RequestsPerSecond = 20 };

    private static string Median(string window) =>
        $"histogram_quantile(0.5, sum by (le) (rate(http_server_request_duration_seconds_bucket{{job=\"shop\"}}{window})))";
}
