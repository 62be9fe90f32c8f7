using System.Text.Json.Nodes;
using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>What is in Grafana after a delivery; also against a real one.</summary>
public class GrafanaSinkTests
{
    public static TheoryData<GrafanaVersion> Versions => [GrafanaVersion.V7, GrafanaVersion.V9, GrafanaVersion.V11];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_point_is_stored_once_however_often_it_is_delivered(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var entry = Entries.New();
        var sink = new GrafanaSink(grafana.Client);

        var first = await sink.DeliverAsync(entry, default);
        var second = await sink.DeliverAsync(entry, default);

        Assert.Equal(DeliveryOutcome.Delivered, first.Outcome);
        Assert.Equal(first, second);
        var stored = Assert.Single(await FindAsync(grafana, entry.Key));
        Assert.Equal(first.RemoteId, stored["id"]!.ToString());
        Assert.Equal(entry.At.ToUnixTimeMilliseconds(), stored["time"]!.GetValue<long>());
        Assert.Equal(entry.Text, stored["text"]!.ToString());
        Assert.Contains("target:checkout", Tags(stored));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_region_ends_when_it_is_closed_and_stays_one(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var opening = Entries.New(OutboxAction.Open);
        var sink = new GrafanaSink(grafana.Client);
        var end = Entries.End(opening, TimeSpan.FromMinutes(5));

        var opened = await sink.DeliverAsync(opening, default);
        var closed = await sink.DeliverAsync(end, default);
        await sink.DeliverAsync(end, default);

        Assert.Equal(opened.RemoteId, closed.RemoteId);
        Assert.Equal((opening.At, end.At), Times(Assert.Single(await FindAsync(grafana, opening.Key))));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_belongs_to_a_dashboard_when_one_is_named_and_is_found_again_all_the_same(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var number = await grafana.AddDashboardAsync("uw-test-board");
        var (entry, sink) = (Entries.New(), new GrafanaSink(grafana.Client, "uw-test-board"));

        var first = await sink.DeliverAsync(entry, default);
        var second = await sink.DeliverAsync(entry, default);

        Assert.Equal((DeliveryOutcome.Delivered, first), (first.Outcome, second));
        var stored = Assert.Single(await FindAsync(grafana, entry.Key));
        Assert.True(stored["dashboardUID"]?.ToString() == "uw-test-board" || stored["dashboardId"]?.GetValue<long>() == number, stored.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_dashboard_that_is_not_there_is_told_and_nothing_is_lost(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var entry = Entries.New();

        var result = await new GrafanaSink(grafana.Client, "uw-no-such-board").DeliverAsync(entry, default);
        var state = await new GrafanaCheck(grafana.Client, "uw-no-such-board").RunAsync(default);

        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.StartsWith("Grafana has no dashboard with the uid 'uw-no-such-board' (grafana.dashboardUid)", result.Error, StringComparison.Ordinal);
        Assert.Equal(result.Error, state.Problem);
        Assert.Empty(await FindAsync(grafana, entry.Key));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_end_before_the_start_does_not_move_the_start(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var opening = Entries.New(OutboxAction.Open);
        var sink = new GrafanaSink(grafana.Client);

        await sink.DeliverAsync(opening, default);
        await sink.DeliverAsync(Entries.End(opening, TimeSpan.FromMinutes(-5)), default);

        Assert.Equal((opening.At, opening.At), Times(Assert.Single(await FindAsync(grafana, opening.Key))));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_region_that_somebody_deleted_is_made_again_whole(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var opening = Entries.New(OutboxAction.Open);
        var sink = new GrafanaSink(grafana.Client);
        var opened = await sink.DeliverAsync(opening, default);
        (await grafana.Client.DeleteAsync(new Uri($"api/annotations/{opened.RemoteId}", UriKind.Relative))).EnsureSuccessStatusCode();
        var end = Entries.End(opening, TimeSpan.FromMinutes(5)) with { RemoteId = opened.RemoteId };

        await sink.DeliverAsync(end, default);

        Assert.Equal((opening.At, end.At), Times(Assert.Single(await FindAsync(grafana, opening.Key))));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Everything_that_could_break_a_tag_or_the_text_is_stored_and_found_again(GrafanaVersion version)
    {
        await using var grafana = await GrafanaUnderTest.StartAsync(version);
        var sink = new GrafanaSink(grafana.Client);
        var entry = Entries.New(
            OutboxAction.Point,
            new string('é', 5000) + "🚀",
            [":y", "", "image:repo/app:1.2.3", "target:other", $"long:{new string('x', 300)}", .. Enumerable.Range(0, 60).Select(n => $"label{n}:value")]);

        var first = await sink.DeliverAsync(entry, default);
        var second = await sink.DeliverAsync(entry, default);

        Assert.Equal(DeliveryOutcome.Delivered, first.Outcome);
        Assert.Equal(first.RemoteId, second.RemoteId);
        var tags = Tags(Assert.Single(await FindAsync(grafana, entry.Key)));
        Assert.Contains("image:repo_app_1.2.3", tags);
        Assert.DoesNotContain("target:other", tags);
        Assert.InRange(tags.Sum(tag => tag.Length + 3), 1, 450);
    }

    private static async Task<IReadOnlyList<JsonNode>> FindAsync(GrafanaUnderTest grafana, string key)
    {
        var answer = await grafana.Client.GetStringAsync(new Uri($"api/annotations?tags=uwkey:{key}", UriKind.Relative));
        return [.. JsonNode.Parse(answer)!.AsArray().Select(one => one!)];
    }

    private static (DateTimeOffset Start, DateTimeOffset End) Times(JsonNode stored) =>
        (DateTimeOffset.FromUnixTimeMilliseconds(stored["time"]!.GetValue<long>()), DateTimeOffset.FromUnixTimeMilliseconds(stored["timeEnd"]!.GetValue<long>()));

    private static IReadOnlyList<string> Tags(JsonNode stored) => [.. stored["tags"]!.AsArray().Select(tag => tag!.ToString())];
}
