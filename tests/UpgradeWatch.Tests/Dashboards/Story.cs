using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Connectors.Http;
using UpgradeWatch.Engine.Outbox;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Grafana;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Prometheus;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Dashboards;

/// <summary>
/// An hour of a whole server on virtual time, whose metrics a real Prometheus holds: targets that wait, are upgraded,
/// pass, fail, cannot be looked at, were rolled back, are told of in post-upgrade only, and of which one has no upgrade.
/// </summary>
public sealed partial class Story : IAsyncLifetime
{
    /// <summary>The targets, each named after its situation at the end.</summary>
    public static readonly string[] Targets = ["waiting", "upgrading", "passing", "failing", "blind", "rolled-back", "told-late", "idle"];

    private static readonly HttpClient Client = new();
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private readonly PrometheusServer _prometheus = new();
    private readonly List<(DateTimeOffset At, string Text)> _scrapes = [];
    private readonly Dictionary<string, string> _upgrades = [];

    /// <summary>When the story begins.</summary>
    public static DateTimeOffset Start => RunningServer.Start;

    /// <summary>When it ends.</summary>
    public DateTimeOffset End => _scrapes[^1].At;

    /// <summary>The metrics at the end, as they were exposed.</summary>
    public string Exposed => _scrapes[^1].Text;

    /// <summary>Asks the Prometheus that holds them.</summary>
    internal PanelQuery Query => QueryAt(_prometheus.Url, Client);

    /// <summary>Where that is.</summary>
    public Uri PrometheusUrl => _prometheus.Url;

    /// <summary>Asks it by another way.</summary>
    internal PanelQuery QueryAt(Uri prometheus, HttpClient client) => new(client, prometheus, Start, End);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await TellAsync();
        await _prometheus.ImportBlocksAsync(Write);
        await _prometheus.StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _prometheus.DisposeAsync();

    private async Task TellAsync()
    {
        using var folder = new TempFolder();
        await using var grafana = await GrafanaTestServer.StartAsync();
        var options = RunningServer.Options(folder.File("store.db"), Targets) with
        {
            Grafana = new EndpointOptions { Url = grafana.Url, TokenFile = folder.Write("token", GrafanaTestServer.EditorToken) },
        };
        await using var server = await RunningServer.StartAsync(options);
        server.Source.BadOf = (target, at) => target is "failing" && at > Start.AddMinutes(10) || (target is "rolled-back" && at > Start.AddMinutes(10) && at < Start.AddMinutes(25)) ? 15 : 1;
        await LookAsync(server, minutes: 10);

        foreach (var target in Targets.Except(["idle", "told-late"])) _upgrades[target] = await server.BeginAsync(target);
        foreach (var target in Targets.Except(["idle", "told-late", "waiting"])) await server.MoveAsync(_upgrades[target], "upgrading");
        await LookAsync(server, minutes: 1);
        _upgrades["told-late"] = await server.BeginAsync("told-late", "post-upgrade");
        foreach (var target in Targets.Except(["idle", "told-late", "waiting", "upgrading"])) await server.MoveAsync(_upgrades[target], "post-upgrade");
        await LookAsync(server, minutes: 2);
        server.Source.FailureOf = target => target == "blind" ? new SourceFailure(SourceFailureKind.Unreachable, "nobody answers") : null;
        await LookAsync(server, minutes: 12);
        await server.MoveAsync(_upgrades["rolled-back"], "rolling-back");
        await LookAsync(server, minutes: 1);
        await server.MoveAsync(_upgrades["rolled-back"], "rolled-back");
        await LookAsync(server, minutes: 24);
    }

    private async Task LookAsync(RunningServer server, int minutes)
    {
        var counters = server.Services.GetRequiredService<SourceCounters>();
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(minutes); passed += Step)
        {
            await server.PassAsync(Step);
            await server.Services.GetRequiredService<OutboxDelivery>().RunOnceAsync(CancellationToken.None);
            // What the connector that is replaced by a script would count.
            counters.CountRequest("prometheus", server.Time.GetUtcNow(), server.Source.FailureOf("blind"));
            counters.CountFetched("prometheus", 14);
            counters.CountNeeded("prometheus", 14);
            _scrapes.Add((server.Time.GetUtcNow(), await server.Metrics.GetStringAsync("/metrics")));
        }
    }

    private void Write(OpenMetricsWriter writer)
    {
        foreach (var (at, text) in _scrapes)
        {
            foreach (Match sample in Sample().Matches(text))
            {
                var labels = sample.Groups[2].Value;
                writer.Sample(sample.Groups[1].Value, labels + (labels.Length == 0 ? "" : ",") + "job=\"upgradewatch\",instance=\"uw:9464\"", at, Number(sample.Groups[3].Value));
            }
        }
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
