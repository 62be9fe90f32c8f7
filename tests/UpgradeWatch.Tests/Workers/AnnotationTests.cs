using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Workers;

/// <summary>What a whole server writes into a Grafana, and what it puts right there at its start.</summary>
public sealed class AnnotationTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(RunningServer.Start);
    private GrafanaTestServer _grafana = null!;

    public async Task InitializeAsync() => _grafana = await GrafanaTestServer.StartAsync(GrafanaVersion.V9);

    public async Task DisposeAsync()
    {
        await _grafana.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_puts_right_what_is_missing_or_open_and_doubles_nothing(bool losesAll)
    {
        await TellAsync(new AnnotationOptions());
        var before = Shown();
        Assert.Contains(before, one => one.Tag == "phase:upgrading" && one.Until > one.From);
        if (losesAll) _grafana.LoseAnnotations();
        else _grafana.Delete(_grafana.Annotations.Single(one => one.Tags!.Contains("phase:upgrading")).Id);
        // Somebody has pulled the end of a region back to its start.
        if (!losesAll) _grafana.Change(_grafana.Annotations.Single(one => one.Tags!.Contains("phase:pre-upgrade")).Id, one => one with { TimeEnd = one.Time });

        await using var server = await StartAsync(new AnnotationOptions());
        using var end = new CancellationTokenSource();
        var delivering = server.Services.GetRequiredService<OutboxDelivery>().RunAsync(end.Token);
        await Readiness.UntilAsync(
            () => Task.FromResult(Shown().SequenceEqual(before)), () => null, () => $"{string.Join('\n', Shown())}\ninstead of\n{string.Join('\n', before)}", CancellationToken.None);
        await end.CancelAsync();
        await Task.WhenAny(delivering);

        Assert.Equal(_grafana.Annotations.Count, _grafana.Annotations.Select(one => one.Tags!.Single(tag => tag.StartsWith("uwkey:", StringComparison.Ordinal))).Distinct().Count());
    }

    [Fact]
    public async Task With_phases_alone_there_are_no_points_and_with_none_there_is_nothing()
    {
        await TellAsync(new AnnotationOptions { Kinds = AnnotationKinds.None });
        Assert.DoesNotContain(_grafana.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));

        File.Delete(_folder.File("store.db"));
        await TellAsync(new AnnotationOptions { Kinds = AnnotationKinds.Phases });
        Assert.Equal(["phase:post-upgrade", "phase:pre-upgrade", "phase:upgrading"], Shown().Select(one => one.Tag).Order());
    }

    private List<(string Tag, long From, long Until)> Shown() =>
        [.. _grafana.Annotations.Select(one => (one.Tags!.First(tag => tag.StartsWith("phase:", StringComparison.Ordinal) || tag.StartsWith("sli:", StringComparison.Ordinal)), one.Time, one.TimeEnd)).Order()];

    // An upgrade that fails and is still being watched.
    private async Task TellAsync(AnnotationOptions annotations)
    {
        await using var server = await StartAsync(annotations);
        var start = _time.GetUtcNow();
        server.Source.Bad = at => at > start.AddMinutes(2) ? 15 : 0;
        var id = await server.BeginAsync();
        await server.PassAsync(TimeSpan.FromMinutes(1));
        await server.MoveAsync(id, "upgrading");
        await server.PassAsync(TimeSpan.FromMinutes(1));
        await server.MoveAsync(id, "post-upgrade");
        await server.PassAsync(TimeSpan.FromMinutes(12));
        await server.Services.GetRequiredService<OutboxDelivery>().RunOnceAsync(CancellationToken.None);
    }

    private async Task<RunningServer> StartAsync(AnnotationOptions annotations) => await RunningServer.StartAsync(
        RunningServer.Options(_folder.File("store.db")) with
        {
            Grafana = new EndpointOptions { Url = _grafana.Url, TokenFile = _folder.Write("token", GrafanaTestServer.EditorToken) },
            Annotations = annotations,
            IncidentTags = [],
        },
        time: _time);
}
