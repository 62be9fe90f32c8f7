using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Grafana;

namespace UpgradeWatch.Connectors.Tests.Grafana;

/// <summary>What becomes of a delivery when something goes wrong.</summary>
public sealed class GrafanaTroubleTests : IAsyncLifetime
{
    private GrafanaTestServer _server = null!;
    private GrafanaSink _sink = null!;

    public async Task InitializeAsync()
    {
        _server = await GrafanaTestServer.StartAsync();
        _sink = new GrafanaSink(_server.Client());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(500, """{"message":"Failed to save annotation"}""", DeliveryOutcome.Retry, "Failed to save annotation")]
    [InlineData(503, "<html><body>no</body></html>", DeliveryOutcome.Retry, "a page of HTML")]
    [InlineData(502, "", DeliveryOutcome.Retry, "502")]
    [InlineData(401, """{"message":"invalid API key"}""", DeliveryOutcome.Retry, "token")]
    [InlineData(403, """{"message":"Access denied to this dashboard"}""", DeliveryOutcome.Retry, "Editor")]
    [InlineData(404, """{"message":"Not found"}""", DeliveryOutcome.Retry, "grafana.url")]
    [InlineData(302, "", DeliveryOutcome.Retry, "redirect")]
    [InlineData(400, """[{"classification":"DeserializationError","message":"unexpected EOF"}]""", DeliveryOutcome.Refused, "unexpected EOF")]
    [InlineData(400, """{"message":"Tags length exceeds the maximum allowed."}""", DeliveryOutcome.Refused, "Tags length")]
    public async Task An_error_is_told_in_a_sentence_and_tried_again_unless_the_content_is_refused(int status, string body, DeliveryOutcome outcome, string told)
    {
        _server.Faults.Next(new GrafanaFault.Answer(status, body), "POST");

        var result = await _sink.DeliverAsync(Entries.New(), default);

        Assert.Equal(outcome, result.Outcome);
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Annotations);
    }

    [Fact]
    public async Task A_lookup_that_fails_makes_nothing()
    {
        _server.Faults.Next(new GrafanaFault.Answer(400, "{}"));

        var result = await _sink.DeliverAsync(Entries.New(), default);

        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.DoesNotContain(_server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lookup_that_answers_others_annotations_makes_nothing()
    {
        _server.Faults.Next(new GrafanaFault.Answer(200, """[{"id":7,"time":1,"text":"other","tags":["deploy"]}]"""));

        var result = await _sink.DeliverAsync(Entries.New(), default);

        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Contains("without the tag", result.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Annotations);
    }

    [Theory]
    [InlineData("<html>login</html>")]
    [InlineData("""{"message":"hello"}""")]
    [InlineData("")]
    public async Task An_answer_that_is_not_grafanas_is_no_success(string body)
    {
        _server.Faults.Next(new GrafanaFault.Answer(200, body));
        Assert.Equal(DeliveryOutcome.Retry, (await _sink.DeliverAsync(Entries.New(), default)).Outcome);

        _server.Faults.Next(new GrafanaFault.Answer(200, body), "POST");
        Assert.Equal(DeliveryOutcome.Retry, (await _sink.DeliverAsync(Entries.New(), default)).Outcome);
    }

    [Fact]
    public async Task It_waits_as_long_as_it_is_asked_to()
    {
        _server.Faults.Next(new GrafanaFault.Answer(429, RetryAfter: "17"));

        Assert.Equal(TimeSpan.FromSeconds(17), (await _sink.DeliverAsync(Entries.New(), default)).RetryAfter);
    }

    [Fact]
    public async Task An_annotation_that_was_stored_without_an_answer_is_found_and_not_made_again()
    {
        var entry = Entries.New();
        _server.Faults.Next(new GrafanaFault.CutAfterDoing(), "POST");

        var unanswered = await _sink.DeliverAsync(entry, default);
        Assert.Equal((DeliveryOutcome.Retry, TimeSpan.FromSeconds(5)), (unanswered.Outcome, unanswered.RetryAfter));
        Assert.Equal(new DeliveryResult(DeliveryOutcome.Delivered, "1"), await _sink.DeliverAsync(entry, default));

        Assert.Single(_server.Annotations);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_tried_again()
    {
        var hang = new GrafanaFault.Hang();
        _server.Faults.Next(hang);
        using var client = _server.Client();
        client.Timeout = TimeSpan.FromMilliseconds(50);

        var result = await new GrafanaSink(client).DeliverAsync(Entries.New(), default);

        hang.Release();
        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Contains("in time", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Being_told_to_stop_is_not_an_answer()
    {
        var hang = new GrafanaFault.Hang();
        _server.Faults.Next(hang);
        using var stop = new CancellationTokenSource();

        var delivery = _sink.DeliverAsync(Entries.New(), stop.Token);
        await hang.Reached;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery);
        hang.Release();
    }

    [Fact]
    public async Task A_region_that_vanishes_between_the_lookup_and_its_end_is_looked_up_again()
    {
        var opening = Entries.New(OutboxAction.Open);
        await _sink.DeliverAsync(opening, default);
        var end = Entries.End(opening, TimeSpan.FromMinutes(1));
        _server.Faults.Next(new GrafanaFault.Answer(500, """{"message":"Could not find annotation to update"}"""), "PATCH");

        Assert.Equal(DeliveryOutcome.Retry, (await _sink.DeliverAsync(end, default)).Outcome);
        _server.Delete(1);
        Assert.Equal(DeliveryOutcome.Delivered, (await _sink.DeliverAsync(end, default)).Outcome);

        var only = Assert.Single(_server.Annotations);
        Assert.Equal((opening.At.ToUnixTimeMilliseconds(), end.At.ToUnixTimeMilliseconds()), (only.Time, only.TimeEnd));
    }

    [Fact]
    public async Task Somebody_elses_annotation_with_a_remembered_number_is_left_alone()
    {
        var other = Entries.New(OutboxAction.Open, "somebody else's");
        await _sink.DeliverAsync(other, default);
        var opening = Entries.New(OutboxAction.Open);
        var end = Entries.End(opening, TimeSpan.FromMinutes(1)) with { RemoteId = "1" };

        await _sink.DeliverAsync(end, default);

        Assert.Equal(other.At.ToUnixTimeMilliseconds(), _server.Annotations[0].TimeEnd);
        Assert.Equal(2, _server.Annotations.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_goes_wrong_each_thing_is_there_once_in_the_end(int seed)
    {
        _server.Faults.Often(0.5, seed);
        var openings = Enumerable.Range(0, 15).Select(_ => Entries.New(OutboxAction.Open)).ToList();
        foreach (var entry in openings.SelectMany(opening => new[] { opening, Entries.End(opening, TimeSpan.FromMinutes(1)) }))
        {
            DeliveryResult result;
            do
            {
                result = await _sink.DeliverAsync(entry, default);
            }
            while (result.Outcome == DeliveryOutcome.Retry);

            Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        }

        Assert.Equal(
            openings.Select(entry => $"uwkey:{entry.Key}"),
            _server.Annotations.Select(one => one.Tags!.Single(tag => tag.StartsWith("uwkey:", StringComparison.Ordinal))));
        Assert.All(_server.Annotations, one => Assert.Equal(60_000, one.TimeEnd - one.Time));
    }
}
