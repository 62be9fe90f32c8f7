using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.Prometheus;
using Xunit.Abstractions;

namespace UpgradeWatch.Connectors.Tests.Breakdowns;

/// <summary>Against a real Prometheus: where a finding is.</summary>
public sealed class BreakdownTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 4711;

    private RealPrometheus _prometheus = null!;
    private LabelledService _service = null!;
    private TargetPlan _plan = null!;

    public async Task InitializeAsync()
    {
        output.WriteLine($"seed {Seed}");
        _prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            _service = new LabelledService(Seed, end, "a:80", "b:80");
            _service.Write(writer);
        });
        _plan = await _prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));
    }

    public async Task DisposeAsync() => await _prometheus.DisposeAsync();

    [Fact]
    public async Task Bad_requests_are_counted_by_every_label_before_and_since()
    {
        var request = Request(SignalPart.Errors);

        var found = await BreakDownAsync(request);

        foreach (var endpoint in new[] { "/checkout", "/cart", LabelledService.Odd })
        {
            foreach (var code in new[] { "500", "503" })
            {
                foreach (var pod in new[] { "a:80", "b:80" })
                {
                    Near(Truth(request, isSince: false, (route, status, instance, _) => (route, status, instance) == (endpoint, code, pod)), Sum(found, found.Events, row => row.Before, endpoint, code, pod));
                    Near(Truth(request, isSince: true, (route, status, instance, _) => (route, status, instance) == (endpoint, code, pod)), Sum(found, found.Events, row => row.Since, endpoint, code, pod));
                }
            }

            Near(Truth(request, isSince: true, (route, _, instance, _) => (route, instance) == (endpoint, "a:80")), Sum(found, found.Exposures, row => row.Since, endpoint, "", "a:80"));
        }

        Assert.Equal(
            "All of it is in endpoint /checkout, status 503 (new), on both instances.".Replace("endpoint", "route", StringComparison.Ordinal),
            Explainer.Explain(found, isDown: false)!.Sentence);
    }

    [Fact]
    public async Task Slow_requests_are_counted_above_the_bound()
    {
        var request = Request(SignalPart.Distribution) with { AboveSeconds = 0.5 };

        var found = await BreakDownAsync(request);

        Near(Truth(request, isSince: true, (route, _, _, isSlow) => isSlow && route == LabelledService.Odd), Sum(found, found.Events, row => row.Since, LabelledService.Odd));
        Near(Truth(request, isSince: false, (route, _, _, isSlow) => isSlow && route == "/cart"), Sum(found, found.Events, row => row.Before, "/cart"));
        Assert.StartsWith("All of it is in route /a\"b\\c{}", Explainer.Explain(found, isDown: false)!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traffic_is_counted_by_labels()
    {
        var request = Request(SignalPart.Traffic);

        var found = await BreakDownAsync(request);

        Assert.Empty(found.Exposures);
        Near(Truth(request, isSince: true, (route, _, _, _) => route == "/cart"), Sum(found, found.Events, row => row.Since, "/cart"));
        Assert.Equal((3600, 600), (found.SecondsBefore, found.SecondsSince));
    }

    [Fact]
    public async Task A_bound_that_no_bucket_has_is_refused_and_so_is_a_signal_without_such_events()
    {
        var bound = await _prometheus.Source.BreakDownAsync(_plan, Request(SignalPart.Distribution) with { AboveSeconds = 0.3 }, default);
        var gauge = await _prometheus.Source.BreakDownAsync(_plan, Request(SignalPart.Gauge), default);

        Assert.Contains("0.3 s", bound.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(SourceFailureKind.Refused, gauge.Failure!.Kind);
    }

    [Fact]
    public async Task It_asks_three_times_and_counts_what_it_fetches()
    {
        var (requests, fetched) = (Requests, _prometheus.Counters.Fetched.GetValueOrDefault("prometheus"));

        var found = await BreakDownAsync(Request(SignalPart.Errors));

        Assert.Equal(3, Requests - requests);
        Assert.Equal(found.Samples, _prometheus.Counters.Fetched["prometheus"] - fetched);
    }

    private long Requests => _prometheus.Counters.Requests.Sum(request => request.Value);

    private BreakdownRequest Request(SignalPart part)
    {
        var upgraded = _plan.StepAt(_service.UpgradedAt);
        return new BreakdownRequest
        {
            Signal = "requests",
            Part = part,
            Labels = ExplainLabels.Of("prometheus-net", null),
            BeforeFirst = upgraded - 239,
            BeforeLast = upgraded,
            SinceFirst = upgraded + 9,
            SinceLast = upgraded + 48,
        };
    }

    private async Task<Breakdown> BreakDownAsync(BreakdownRequest request)
    {
        var reply = await _prometheus.Source.BreakDownAsync(_plan, request, default);
        Assert.Null(reply.Failure);
        return reply.Value!;
    }

    private double Truth(BreakdownRequest request, bool isSince, Func<string, string, string, bool, bool> holds) => isSince
        ? _service.Count(_plan.EndOf(request.SinceFirst - 1), _plan.EndOf(request.SinceLast), holds)
        : _service.Count(_plan.EndOf(request.BeforeFirst - 1), _plan.EndOf(request.BeforeLast), holds);

    private static double Sum(Breakdown found, IReadOnlyList<LabelledCount> rows, Func<LabelledCount, double> count, string endpoint, string? code = null, string? instance = null)
    {
        bool Is(LabelledCount row, string label, string? value) => value is null || row.Values[found.Labels.ToList().IndexOf(label)] == value;
        return rows.Where(row => Is(row, "endpoint", endpoint) && Is(row, "code", code) && Is(row, "instance", instance)).Sum(count);
    }

    private static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 0.01 * Math.Max(1, expected), $"{actual} in place of {expected}");
}
