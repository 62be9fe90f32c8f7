using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>The whole way from what a producer prints to the steps that are judged.</summary>
[Collection(ProfileFleetCollection.Name)]
public sealed class ProfileSourceTests(ProfileFleet fleet)
{
    private const int Steps = 20;

    public static TheoryData<string> Expositions => [.. ProfileCase.All.Select(expected => expected.Exposition)];

    [Theory]
    [MemberData(nameof(Expositions))]
    public async Task What_the_producer_prints_arrives_as_steps(string exposition)
    {
        var expected = ProfileCase.All.Single(candidate => candidate.Exposition == exposition);
        using var http = new HttpClient { BaseAddress = fleet.Prometheus.Url };
        var source = new PrometheusSource(http, new SourceCounters(), new FakeTimeProvider(fleet.HistoryEnd));
        var target = expected.Target with { Labels = new Dictionary<string, string> { ["job"] = ProfileFleet.HistoryOf(exposition) } };

        var plan = Value(await source.PlanAsync(target, CancellationToken.None));
        var last = plan.StepAt(fleet.HistoryEnd);
        var block = Value(await source.ReadAsync(plan, last - Steps + 1, last, CancellationToken.None));

        Assert.Equal(expected.Profile, plan.Profile);
        Assert.Equal(ProfileFleet.HistoryInterval.TotalSeconds, plan.StepSeconds);
        Assert.All(block.Signals, signal => Assert.Null(signal.Value.Failure));
        AssertRequests(block.Signals["requests"], expected);
        foreach (var (name, value) in expected.Gauges)
        {
            var isRate = plan.Signals.Single(signal => signal.Name == name).Gauge!.IsRate;
            AssertAll(isRate ? value / plan.StepSeconds : value, block.Signals[name].Values!);
        }
    }

    private static void AssertRequests(SignalSteps requests, ProfileCase expected)
    {
        AssertAll(100, requests.All!);
        AssertAll(4, requests.Bad!);
        if (!expected.HasLatency) return;

        Assert.Equal(double.PositiveInfinity, requests.Bounds[^1]);
        AssertAll(80, AtMost(requests, seconds: 0.04));
        AssertAll(96, AtMost(requests, seconds: 0.3));
    }

    private static double[] AtMost(SignalSteps requests, double seconds) =>
        requests.Buckets![Array.FindLastIndex(requests.Bounds, bound => bound <= seconds)];

    private static void AssertAll(double expected, double[] steps)
    {
        Assert.Equal(Steps, steps.Length);
        Assert.All(steps, value => Assert.Equal(expected, value, 6));
    }

    private static T Value<T>(SourceReply<T> reply)
        where T : class
    {
        Assert.True(reply.Failure is null, reply.Failure?.Message);
        return reply.Value!;
    }
}
