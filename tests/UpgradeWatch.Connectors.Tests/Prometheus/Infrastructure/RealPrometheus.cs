using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;

/// <summary>A real Prometheus with an imported past, and a source that believes it is the end of that past.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private readonly PrometheusServer _server = new();
    private readonly HttpClient _http = new();

    private RealPrometheus(DateTimeOffset end)
    {
        End = end;
        Source = new PrometheusSource(_http, Counters, new FakeTimeProvider(end));
    }

    /// <summary>The end of the past, on a whole two minutes.</summary>
    public DateTimeOffset End { get; }

    public SourceCounters Counters { get; } = new();

    public PrometheusSource Source { get; }

    public static async Task<RealPrometheus> StartAsync(Action<OpenMetricsWriter, DateTimeOffset> write)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 120 * 120);
        var prometheus = new RealPrometheus(end);
        try
        {
            await prometheus._server.ImportBlocksAsync(writer => write(writer, end));
            await prometheus._server.StartAsync();
            prometheus._http.BaseAddress = prometheus._server.Url;
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    public static TargetOptions Target(params (string Name, string Value)[] labels) => new()
    {
        Name = "shop",
        Profile = "prometheus-net",
        Labels = labels.ToDictionary(label => label.Name, label => label.Value),
    };

    public async Task<TargetPlan> PlanAsync(TargetOptions target) => Good(await Source.PlanAsync(target, default));

    public async Task<StepBlock> ReadAsync(TargetPlan plan, TimeSpan last) =>
        Good(await Source.ReadAsync(plan, plan.StepAt(End - last) + 1, plan.StepAt(End), default));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private static T Good<T>(SourceReply<T> reply)
        where T : class
    {
        Assert.Null(reply.Failure);
        return reply.Value!;
    }
}
