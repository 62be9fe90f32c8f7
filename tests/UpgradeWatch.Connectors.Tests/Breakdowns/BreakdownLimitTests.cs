using System.Globalization;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Tests.Breakdowns;

/// <summary>However many values labels have, little is asked for and nothing is made up.</summary>
public sealed class BreakdownLimitTests
{
    private static readonly TargetPlan Plan = Plans.Of(new SignalDefinition
    {
        Name = "requests",
        All = [Plans.Selector("requests_total", ("job", "a\"b\\"))],
        Bad = [Plans.Selector("requests_total", ("job", "a\"b\\"), ("code", "500"))],
    });

    [Fact]
    public async Task Labels_with_too_many_combinations_are_left_out_the_last_first()
    {
        var prometheus = new CannedPrometheus(request => CannedPrometheus.Response(IsCount(request) ? Counts(10, 150, 90_000) : Vector()));

        var found = (await prometheus.Source.BreakDownAsync(Plan, Request(), default)).Value!;

        Assert.Equal(["route", "code"], found.Labels);
        Assert.Equal(3, prometheus.Requests.Count);
        Assert.All(prometheus.Requests.Skip(1), request => Assert.DoesNotContain("pod", request.Query, StringComparison.Ordinal));

        // What makes a request a bad one does not divide the requests.
        Assert.Contains("sum by (route) (", prometheus.Requests[1].Query, StringComparison.Ordinal);
        Assert.All(prometheus.Requests, request => Assert.Contains("""job="a\"b\\" """.Trim(), request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_first_label_that_has_too_many_values_is_refused_by_name()
    {
        var prometheus = new CannedPrometheus(_ => CannedPrometheus.Response(Counts(90_000, 90_000, 90_000)));

        var reply = await prometheus.Source.BreakDownAsync(Plan, Request(), default);

        Assert.Equal(SourceFailureKind.Refused, reply.Failure!.Kind);
        Assert.Contains("values of route; name other labels in evaluation.explainBy", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_rows_than_anybody_reads_are_refused()
    {
        var prometheus = new CannedPrometheus(request => CannedPrometheus.Response(IsCount(request) ? Counts(10, 20, 30) : Vector(5001)));

        var reply = await prometheus.Source.BreakDownAsync(Plan, Request(), default);

        Assert.Contains("more than 5000 combinations of route, code, pod", reply.Failure!.Message, StringComparison.Ordinal);
        Assert.All(prometheus.Requests.Skip(1), request => Assert.Contains("topk(5001,", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_prometheus_refuses_is_told()
    {
        var prometheus = CannedPrometheus.Always("""{"status":"error","errorType":"execution","error":"query timed out"}""", System.Net.HttpStatusCode.ServiceUnavailable);

        Assert.Contains("query timed out", (await prometheus.Source.BreakDownAsync(Plan, Request(), default)).Failure!.Message, StringComparison.Ordinal);
    }

    private static BreakdownRequest Request() => new()
    {
        Signal = "requests",
        Part = SignalPart.Errors,
        Labels = ["route", "code", "pod"],
        BeforeFirst = CannedPrometheus.FirstStep - 240,
        BeforeLast = CannedPrometheus.FirstStep - 1,
        SinceFirst = CannedPrometheus.FirstStep,
        SinceLast = CannedPrometheus.FirstStep + 8,
    };

    private static bool IsCount(CannedPrometheus.Request request) => request.Query.Contains("count(count by", StringComparison.Ordinal);

    private static string Counts(params int[] counts) => Answer(counts.Select((count, i) => Sample($"\"upgradewatch_part\":\"{i + 1}\"", count)));

    private static string Vector(int rows = 1) => Answer(Enumerable.Range(0, rows).Select(i => Sample($"\"upgradewatch_part\":\"0\",\"route\":\"/{i}\",\"code\":\"500\"", 1)));

    private static string Sample(string labels, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"metric\":{{{labels}}},\"value\":[{CannedPrometheus.FirstStep * 15},\"{value}\"]}}");

    private static string Answer(IEnumerable<string> samples) => $"{{\"status\":\"success\",\"data\":{{\"resultType\":\"vector\",\"result\":[{string.Join(',', samples)}]}}}}";
}
