using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Connectors.Scrape;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Connectors.Tests.Scrape;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;
using UpgradeWatch.TestKit.Prometheus;

namespace UpgradeWatch.Connectors.Tests.Breakdowns;

/// <summary>The direct scrape says the same about where a finding is as a real Prometheus that had the same scrapes.</summary>
public sealed class ScrapeBreakdownTests
{
    // Its blocks are four steps: the windows of the test lie on their borders.
    private const long BlockSteps = 4;

    [Theory]
    [InlineData(SignalPart.Errors, null)]
    [InlineData(SignalPart.Traffic, null)]
    [InlineData(SignalPart.Distribution, 0.5)]
    public async Task Both_sources_count_the_same_by_label(SignalPart part, double? above)
    {
        LabelledService service = null!;
        List<(DateTimeOffset At, string Body)> scrapes = [];
        await using var prometheus = await RealPrometheus.StartAsync((writer, end) =>
        {
            service = new LabelledService(17, end, "a:80");
            scrapes = service.Write(writer);
        });
        var asked = await prometheus.PlanAsync(RealPrometheus.Target(("job", "shop")));
        var upgraded = asked.StepAt(service.UpgradedAt) / BlockSteps * BlockSteps;
        var request = new BreakdownRequest
        {
            Signal = "requests",
            Part = part,
            AboveSeconds = above,
            Labels = ["endpoint", "code"],
            BeforeFirst = upgraded - 199,
            BeforeLast = upgraded,
            SinceFirst = upgraded + 5,
            SinceLast = upgraded + 44,
        };

        var ofPrometheus = (await prometheus.Source.BreakDownAsync(asked, request, default)).Value!;
        var (source, plan) = await ScrapeAsync(scrapes);
        var ofScrape = (await source.BreakDownAsync(plan, request, default)).Value!;

        Same(ofPrometheus.Events, ofScrape.Events);
        Same(ofPrometheus.Exposures, ofScrape.Exposures);
        Assert.Equal(ofPrometheus.SecondsBefore, ofScrape.SecondsBefore);
        Assert.Equal(ofPrometheus.SecondsSince, ofScrape.SecondsSince);
    }

    [Fact]
    public async Task What_is_not_held_any_more_is_refused_in_words()
    {
        LabelledService service = null!;
        List<(DateTimeOffset At, string Body)> scrapes = [];
        await using (await RealPrometheus.StartAsync((writer, end) => scrapes = (service = new LabelledService(18, end, "a:80")).Write(writer)))
        {
            var (source, plan) = await ScrapeAsync(scrapes.Where(scrape => scrape.At > service.UpgradedAt));
            var upgraded = plan.StepAt(service.UpgradedAt);

            var reply = await source.BreakDownAsync(plan, new BreakdownRequest
            {
                Signal = "requests",
                Part = SignalPart.Errors,
                Labels = ["code"],
                BeforeFirst = upgraded - 100,
                BeforeLast = upgraded,
                SinceFirst = upgraded + 1,
                SinceLast = upgraded + 30,
            }, default);

            Assert.Contains("from before the upgrade are not held", reply.Failure!.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<(ScrapeSource Source, TargetPlan Plan)> ScrapeAsync(IEnumerable<(DateTimeOffset At, string Body)> scrapes)
    {
        var service = new ScriptedTarget();
        var target = new TargetOptions
        {
            Name = "shop",
            Profile = "prometheus-net",
            ScrapeUrl = ScriptedTarget.Url,
            Evaluation = new EvaluationOptions { StepSeconds = LabelledService.Interval },
        };
        var source = new ScrapeSource(new HttpClient(service), [target], null, new SourceCounters(), new FakeTimeProvider(), NullLogger<ScrapeSource>.Instance);
        foreach (var (at, body) in scrapes)
        {
            service.Expose(body);
            await source.ScrapeOnceAsync("shop", at, default);
        }

        return (source, (await source.PlanAsync(target, default)).Value!);
    }

    private static void Same(IReadOnlyList<LabelledCount> expected, IReadOnlyList<LabelledCount> actual)
    {
        var byValues = actual.ToDictionary(row => string.Join('|', row.Values));
        foreach (var row in expected)
        {
            var key = string.Join('|', row.Values);
            Assert.True(byValues.TryGetValue(key, out var other), $"{key} is missing");
            Assert.Equal(row.Before, other.Before, 0.01 * Math.Max(1, row.Before));
            Assert.Equal(row.Since, other.Since, 0.01 * Math.Max(1, row.Since));
        }

        Assert.Equal(expected.Count, actual.Count);
    }
}
