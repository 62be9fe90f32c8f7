using System.Net;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Connectors.Tests.Prometheus.Infrastructure;

namespace UpgradeWatch.Connectors.Tests.Prometheus;

public sealed class OddAnswersTests
{
    private const double Gap = double.NaN;

    [Theory]
    [InlineData("range-special-values.json", Gap, Gap, Gap, 1e-7)]
    [InlineData("range-stale.json", 1, Gap, Gap, 2)]
    [InlineData("range-native-histogram.json", Gap, Gap, Gap, Gap)]
    [InlineData("range-values-before-metric.json", 1, 2, 3, 4)]
    [InlineData("range-empty.json", Gap, Gap, Gap, Gap)]
    [InlineData("range-utf8-label.json", 1e20, 0, 1e21, 1.7976931348623157e308)]
    public async Task Points_are_put_where_their_times_say_and_what_is_no_number_is_a_gap(string bundle, double first, double second, double third, double fourth)
    {
        using var prometheus = CannedPrometheus.Always(CannedPrometheus.Bundle(bundle));

        var reply = await prometheus.Source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + 3, default);

        Assert.Null(reply.Failure);
        Assert.Equal([first, second, third, fourth], reply.Value!.Signals["queue"].Values!);
    }

    [Fact]
    public async Task An_instant_query_may_give_a_scalar_or_raw_samples()
    {
        using var scalar = CannedPrometheus.Always(CannedPrometheus.Bundle("query-scalar.json"));
        using var matrix = CannedPrometheus.Always(CannedPrometheus.Bundle("query-matrix.json"));

        var one = await scalar.Client.InstantAsync("1.5", at: null, default);
        var raw = await matrix.Client.InstantAsync("up[1m]", at: null, default);

        Assert.Equal((1795405350, 1.5), one.Value!.Series.Single().Points.Single());
        Assert.Equal([1795405350.017, 1795405365.017, 1795405380.017], raw.Value!.Series.Single().Points.Select(point => point.Seconds));
        Assert.Equal("shop", raw.Value.Series.Single().Labels["job"]);
    }

    [Fact]
    public async Task Several_series_without_an_aggregation_are_refused_with_the_labels_in_which_they_differ()
    {
        using var prometheus = CannedPrometheus.Always(Matrix(
            """{"metric":{"pod":"a","job":"shop"},"values":[[1795405350,"1"]]}""",
            """{"metric":{"pod":"b","job":"shop"},"values":[[1795405350,"1"]]}"""));

        var reply = await prometheus.Source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep, default);

        Assert.Equal(
            "queue gives 2 series where one number is needed; they differ in pod (a, b). Set aggregation to sum, avg, max or min, or pick one series by its labels.",
            reply.Value!.Signals["queue"].Failure!.Message);
    }

    [Fact]
    public async Task A_long_time_is_asked_for_in_parts_and_put_together()
    {
        const int Steps = (2 * PrometheusClient.StepsPerQuery) + 1;
        using var prometheus = new CannedPrometheus(request => CannedPrometheus.Response(
            Matrix($$$"""{"metric":{"job":"shop"},"values":[[{{{request.Form["start"]}}},"1"],[{{{request.Form["end"]}}},"2"]]}""")));

        var reply = await prometheus.Source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + Steps - 1, default);

        Assert.Equal(3, prometheus.Requests.Count);
        Assert.All(prometheus.Requests, request => Assert.True(
            (double.Parse(request.Form["end"]!) - double.Parse(request.Form["start"]!)) / double.Parse(request.Form["step"]!) < 11_000));
        var values = reply.Value!.Signals["queue"].Values!;
        Assert.Equal(Steps, values.Length);
        Assert.Equal([1, 2, 1, 2, 2], new[] { 0, 2499, 2500, 4999, 5000 }.Select(i => values[i]));
        Assert.Equal(6, prometheus.Counters.Fetched["prometheus"]);
    }

    [Fact]
    public async Task A_query_that_is_too_large_for_Prometheus_is_asked_for_in_smaller_parts()
    {
        using var prometheus = new CannedPrometheus(request => Steps(request) > 3
            ? CannedPrometheus.Response("""{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory in query execution"}""", HttpStatusCode.UnprocessableEntity)
            : CannedPrometheus.Response(Matrix($$$"""{"metric":{"job":"shop"},"values":[[{{{request.Form["end"]}}},"1"]]}""")));

        var reply = await prometheus.Source.ReadAsync(Plans.Of(Plans.QueueLength), CannedPrometheus.FirstStep, CannedPrometheus.FirstStep + 9, default);

        Assert.Equal([Gap, Gap, 1, Gap, Gap, 1, Gap, Gap, 1, 1], reply.Value!.Signals["queue"].Values!);

        static double Steps(CannedPrometheus.Request request) => 1 + ((double.Parse(request.Form["end"]!) - double.Parse(request.Form["start"]!)) / 15);
    }

    private static string Matrix(params string[] series) =>
        $$$"""{"status":"success","data":{"resultType":"matrix","result":[{{{string.Join(',', series)}}}]}}""";
}
