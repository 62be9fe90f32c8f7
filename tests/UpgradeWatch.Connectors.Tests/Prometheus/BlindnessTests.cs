using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

/// <summary>A real Prometheus that answers, and has stopped to take in samples.</summary>
public sealed class BlindnessTests
{
    [Fact]
    public async Task Steps_in_which_nothing_of_any_target_was_taken_in_are_told_from_those_of_a_target_that_is_gone()
    {
        // The shop is gone for the last ten minutes, everything for the last four.
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            for (var at = end.AddMinutes(-30).AddSeconds(5); at < end.AddMinutes(-4); at = at.AddSeconds(15))
            {
                writer.Sample("up", OpenMetricsWriter.Labels(("instance", "db"), ("job", "database")), at, 0);
                if (at < end.AddMinutes(-10)) WriteShop(writer, at);
            }
        });
        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));

        var block = await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(15));

        Assert.Equal([.. Enumerable.Repeat(false, 44), .. Enumerable.Repeat(true, 16)], block.Blind!);
        Assert.Equal([.. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(-1, 40)], block.Up);
        Assert.All(block.Down, down => Assert.Equal(0, down));
    }

    [Fact]
    public async Task Where_there_is_no_up_at_all_nobody_knows()
    {
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            for (var at = end.AddMinutes(-30).AddSeconds(5); at < end; at = at.AddSeconds(15)) WriteShop(writer, at, hasUp: false);
        });
        var plan = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));

        var block = await prometheus.ReadAsync(plan, TimeSpan.FromMinutes(5));

        Assert.False(plan.SeesAnyUp);
        Assert.Null(block.Blind);
    }

    private static void WriteShop(OpenMetricsWriter writer, DateTimeOffset at, bool hasUp = true)
    {
        var labels = OpenMetricsWriter.Labels(("instance", "a"), ("job", "shop"));
        if (hasUp) writer.Sample("up", labels, at, 1);
        writer.Sample("http_requests_received_total", $"{labels},code=\"200\"", at, at.ToUnixTimeSeconds() % 1_000_000);
    }
}
